"""The machine-readable figures and their signature inside a .docx: a custom XML part, and its
digest and signature as document properties, which other editors keep too."""

from __future__ import annotations

from docx.document import Document as DocumentObject
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from linli.reports.seal import NAMESPACE, Seal

_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def _part(seal: Seal) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}report", nsmap={"linli": NAMESPACE})
    etree.SubElement(root, f"{{{NAMESPACE}}}figures").text = seal.payload.decode()
    signature = etree.SubElement(root, f"{{{NAMESPACE}}}signature", algorithm="Ed25519")
    signature.set("key", seal.key)
    signature.text = seal.signature
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _properties(seal: Seal) -> bytes:
    root = etree.Element(f"{{{_CUSTOM}}}Properties", nsmap={"cp": _CUSTOM, "vt": _TYPES})
    values = {
        "LinliReport": seal.report,
        "LinliDigest": seal.digest,
        "LinliSignature": seal.signature,
        "LinliKey": seal.key,
    }
    for number, (name, value) in enumerate(values.items(), start=2):
        entry = etree.SubElement(root, f"{{{_CUSTOM}}}property", fmtid=_FORMAT_ID)
        entry.set("pid", str(number))
        entry.set("name", name)
        etree.SubElement(entry, f"{{{_TYPES}}}lpwstr").text = value
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def embed(document: DocumentObject, seal: Seal) -> None:
    """Put the sealed figures into the document's package."""
    package = document.part.package
    part = Part(PackURI("/customXml/item9.xml"), "application/xml", _part(seal), package)
    document.part.relate_to(part, f"{_RELATION}/customXml")
    properties = Part(
        PackURI("/docProps/custom.xml"),
        "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        _properties(seal),
        package,
    )
    package.relate_to(properties, f"{_RELATION}/custom-properties")
