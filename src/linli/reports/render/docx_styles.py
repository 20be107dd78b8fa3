"""Page and styles of a .docx report: GB/T 9704 fonts, sizes, indents, page numbers."""

from __future__ import annotations

from math import floor

from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.section import _Footer
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph
from lxml import etree

from linli.reports import layout

_TWIPS = 20
_BLACK = RGBColor(0, 0, 0)


def _font(style: CharacterStyle | ParagraphStyle, name: str, size: float) -> None:
    style.font.name = name
    style.font.size = Pt(size)
    style.font.color.rgb = _BLACK
    style.font.bold = False
    style.font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), name)


def _pitch(style: ParagraphStyle, points: float) -> None:
    form = style.paragraph_format
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(points)
    form.space_before = form.space_after = Pt(0)


def _indent(style: ParagraphStyle, characters: int, size: float, side: str = "firstLine") -> None:
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn(f"w:{side}Chars"), str(characters * 100))
    indent.set(qn(f"w:{side}"), str(int(characters * size * _TWIPS)))


def _tighten(style: ParagraphStyle) -> None:
    """28 characters of 16 pt are wider than 156 mm: each gives up a quarter of a point."""
    left, right = layout.MARGINS_MM[3], layout.MARGINS_MM[1]
    line = (layout.PAGE_MM[0] - left - right) / 25.4 * 72
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(floor((line / layout.CHARACTERS - layout.BODY_PT) * _TWIPS)))
    style.element.get_or_add_rPr().append(spacing)


def _paragraph_style(document: DocumentObject, name: str) -> ParagraphStyle:
    styles = document.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no paragraph style")
    return style


def _plain_borders(style: ParagraphStyle) -> None:
    properties = style.element.get_or_add_pPr()
    for child in properties.findall(qn("w:pBdr")):
        properties.remove(child)


def _text_styles(document: DocumentObject) -> None:
    body = _paragraph_style(document, "Normal")
    _font(body, layout.BODY_FONT, layout.BODY_PT)
    _pitch(body, layout.PITCH_PT)
    _indent(body, 2, layout.BODY_PT)
    _tighten(body)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    body.paragraph_format.widow_control = False
    title = _paragraph_style(document, "Title")
    _font(title, layout.TITLE_FONT, layout.TITLE_PT)
    _pitch(title, layout.TITLE_PITCH_PT)
    _plain_borders(title)
    _indent(title, 0, layout.BODY_PT)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(layout.PITCH_PT)
    sub = _paragraph_style(document, "Subtitle")
    _font(sub, layout.LEVEL_FONTS[2], layout.BODY_PT)
    _indent(sub, 0, layout.BODY_PT)
    sub.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    sub.paragraph_format.space_after = Pt(layout.PITCH_PT)
    for level, name in layout.LEVEL_FONTS.items():
        heading = _paragraph_style(document, f"Heading {level}")
        _font(heading, name, layout.BODY_PT)
        _pitch(heading, layout.PITCH_PT)
        _indent(heading, 2, layout.BODY_PT)
        heading.paragraph_format.keep_with_next = True


def _small_styles(document: DocumentObject) -> None:
    for name, font in (("Table Head", layout.HEAD_FONT), ("Table Text", layout.TABLE_FONT)):
        style = _paragraph_style(document, name)
        style.base_style = document.styles["Normal"]
        _font(style, font, layout.TABLE_PT)
        _pitch(style, layout.TABLE_PITCH_PT)
        _indent(style, 0, layout.TABLE_PT)
        style.paragraph_format.alignment = (
            WD_ALIGN_PARAGRAPH.CENTER if name == "Table Head" else WD_ALIGN_PARAGRAPH.LEFT
        )
    caption = _paragraph_style(document, "Table Caption")
    caption.base_style = document.styles["Normal"]
    _font(caption, layout.HEAD_FONT, layout.FOOT_PT)
    _indent(caption, 0, layout.FOOT_PT)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.keep_with_next = True
    appendix = _paragraph_style(document, "Appendix Title")
    appendix.base_style = document.styles["Normal"]
    _font(appendix, layout.HEAD_FONT, layout.BODY_PT)
    _indent(appendix, 0, layout.BODY_PT)
    appendix.element.get_or_add_pPr().append(_outline(0))
    picture = _paragraph_style(document, "Picture")
    picture.base_style = document.styles["Normal"]
    picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _indent(picture, 0, layout.BODY_PT)


def _outline(level: int) -> etree._Element:
    mark = OxmlElement("w:outlineLvl")
    mark.set(qn("w:val"), str(level))
    return mark


def _signature_styles(document: DocumentObject) -> None:
    for name, characters in (("Signature Body", 2), ("Signature Date", 4)):
        style = _paragraph_style(document, name)
        style.base_style = document.styles["Normal"]
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _indent(style, 0, layout.BODY_PT)
        _indent(style, characters, layout.BODY_PT, "right")
        style.paragraph_format.keep_together = True
    body = _paragraph_style(document, "Signature Body")
    body.paragraph_format.space_before = Pt(2 * layout.PITCH_PT)
    body.paragraph_format.keep_with_next = True


def _run_styles(document: DocumentObject) -> None:
    figure = document.styles.add_style("Figure", WD_STYLE_TYPE.CHARACTER)
    figure.font.color.rgb = _BLACK
    figure.font.underline = False
    unverified = document.styles.add_style("Unverified", WD_STYLE_TYPE.CHARACTER)
    unverified.font.color.rgb = RGBColor(0xA8, 0x32, 0x24)


def _page_number(footer: _Footer, right: bool) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for side in ("firstLine", "firstLineChars"):
        indent.set(qn(f"w:{side}"), "0")
    side = "right" if right else "left"
    indent.set(qn(f"w:{side}Chars"), "100")
    indent.set(qn(f"w:{side}"), str(layout.FOOT_PT * _TWIPS))
    _foot_run(paragraph, "— ")
    for kind, words in (
        ("begin", None),
        (None, " PAGE "),
        ("separate", None),
        (None, None),
        ("end", None),
    ):
        _field_run(paragraph, kind, words)
    _foot_run(paragraph, " —")


def _foot_run(paragraph: Paragraph, words: str) -> None:
    run = paragraph.add_run(words)
    run.font.size = Pt(layout.FOOT_PT)
    run.font.name = layout.FOOT_FONT
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), layout.FOOT_FONT)


def _field_run(paragraph: Paragraph, kind: str | None, words: str | None) -> None:
    _foot_run(paragraph, "" if kind or words else "1")
    run = paragraph.runs[-1]
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
    elif words:
        code = OxmlElement("w:instrText")
        code.text = words
        run._r.append(code)


def _page(document: DocumentObject) -> None:
    section = document.sections[0]
    top, right, bottom, left = layout.MARGINS_MM
    section.page_width, section.page_height = Mm(layout.PAGE_MM[0]), Mm(layout.PAGE_MM[1])
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.footer_distance = Mm(bottom - 7 - 4)  # the number stands 7 mm under the text area
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    column = (layout.PAGE_MM[1] - top - bottom) / 25.4 * 72
    # A grid of lines only: LibreOffice doubles the cells of a character grid.
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(column / layout.LINES * _TWIPS)))
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, right=True)
    _page_number(section.even_page_footer, right=False)


def dress(document: DocumentObject) -> None:
    """Give an empty document the page, styles and page numbers of an official paper."""
    _text_styles(document)
    _small_styles(document)
    _signature_styles(document)
    _run_styles(document)
    _page(document)
