"""Linli 邻里: record once; ledgers, figures and reports follow, and every number leads back."""
