"""Django's entry of the app; says how audit entries are held against moves, and who carries mail."""

from __future__ import annotations

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    """流程."""

    name = "linli.core.flows"
    label = "flows"
    verbose_name = "流程"

    def ready(self) -> None:
        """Register the witnesses of moves and messages, and the carrying of messages as a chore."""
        from datetime import timedelta

        from linli.core.audit.trail import witness
        from linli.core.flows.actions import deliver
        from linli.core.flows.witness import check_incoming, check_move, check_outgoing
        from linli.core.jobs.rules import Chore, register

        witness("move", check_move)
        witness("outgoing", check_outgoing)
        witness("incoming", check_incoming)
        register(Chore("flows.deliver", timedelta(minutes=1), lambda actor: deliver(actor=actor)))
