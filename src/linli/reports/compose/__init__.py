"""From a plan and what is known to a draft: slots, sentences, blocks."""
