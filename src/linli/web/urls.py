"""Every address of the site. All but sign-in, sign-out and health stand behind a door."""

from __future__ import annotations

from django.urls import include, path

from linli.web.views import (
    audit,
    due,
    figures,
    health,
    home,
    imports,
    ledgers,
    overview,
    periods,
    reconciliation,
    record,
    record_entry,
    record_new,
    record_proof,
    record_source,
    records,
    report,
    reports,
    sign_in,
    source,
)

_area = [
    path("", overview.overview, name="overview"),
    path("due/", due.due, name="due"),
    path("records/", records.records, name="records"),
    path("records/export.xlsx", records.export, name="records-export"),
    path("records/new/", record_new.choose_kind, name="records-new"),
    path("records/new/<str:kind>/", record_new.new_record, name="records-new-kind"),
    path("records/<uuid:record_id>/", record.record, name="records-one"),
    path("records/<uuid:record_id>/correct/", record_entry.correct, name="records-correct"),
    path("records/<uuid:record_id>/withdraw/", record_entry.withdraw, name="records-withdraw"),
    path("records/<uuid:record_id>/source/", record_source.name_source, name="records-source-name"),
    path("records/<uuid:record_id>/proof/", record_proof.add, name="records-proof"),
    path(
        "records/<uuid:record_id>/proof/<uuid:evidence_id>/file",
        record_proof.download,
        name="records-proof-file",
    ),
    path("source/<uuid:source_id>/", source.cell, name="records-source"),
    path("source/<uuid:source_id>/file", source.download, name="records-source-file"),
    path("ledgers/", ledgers.ledgers, name="ledgers"),
    path("ledgers/<str:ledger_id>/", ledgers.ledger, name="ledgers-one"),
    path("ledgers/<str:ledger_id>/export.xlsx", ledgers.export, name="ledgers-export"),
    path("figures/", figures.figures, name="figures"),
    path("figures/keep", figures.keep, name="figures-keep"),
    path("figures/<str:indicator>/", figures.figure, name="figures-one"),
    path("reconciliation/", reconciliation.findings, name="reconciliation"),
    path("import/", imports.upload, name="import"),
    path("import/<str:token>/", imports.preview, name="import-preview"),
    path("import/<str:token>/commit/", imports.commit, name="import-commit"),
    path("reports/", reports.reports, name="reports"),
    path("reports/new/", reports.new_report, name="reports-new"),
    path("reports/verify/", reports.verify, name="reports-verify"),
    path("reports/<uuid:report_id>/", report.report, name="reports-one"),
    path("reports/<uuid:report_id>/file/<slug:kind>/", report.download, name="reports-file"),
    path("periods/", periods.periods, name="periods"),
    path("audit/", audit.audit, name="audit"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("health/", health.health, name="health"),
    path("f/<slug:key>", report.reference, name="reference"),
    path("a/<slug:slug>/", include(_area)),
]
