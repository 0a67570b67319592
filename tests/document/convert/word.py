"""Makes Word documents for tests: a zip with the few parts that a document needs."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Default Extension="emf" ContentType="image/x-emf"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
STYLES = {
    "Title": "Title",
    "Heading1": "heading 1",
    "Heading2": "heading 2",
    "TOC1": "toc 1",
}
NUMBERING = (
    f"<w:numbering {SPACES}>"
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="4"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="5"><w:abstractNumId w:val="3"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    "</w:numbering>"
)


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs, style="", number=0, level=0):
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    content = "".join(piece if piece.startswith("<") else run(piece) for piece in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def table(*rows):
    cells = (
        "".join(f"<w:tc>{cell if cell.startswith('<w:p>') else paragraph(cell)}</w:tc>" for cell in row)
        for row in rows
    )
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def picture(identity, alt):
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{alt}"/><a:graphic><a:graphicData><pic:pic>'
        f'<pic:blipFill><a:blip r:embed="{identity}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )


def docx(*blocks, media=(), footnotes=(), parts=()):
    """Returns a document. ``media`` are pairs of names and contents, which have the identities ``img1``, ``img2``."""
    files = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": _relationships([("rId1", "officeDocument", "word/document.xml")]),
        "word/document.xml": f"<w:document {SPACES}><w:body>{''.join(blocks)}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {SPACES}>{''.join(map(_style, STYLES.items()))}</w:styles>",
        "word/numbering.xml": NUMBERING,
        "word/_rels/document.xml.rels": _relationships(
            [
                (f"img{place}", "image", f"media/{name}")
                for place, (name, _content) in enumerate(media, start=1)
            ]
        ),
    }
    if footnotes:
        notes = (
            f'<w:footnote w:id="{n}">{paragraph(text)}</w:footnote>'
            for n, text in enumerate(footnotes, start=1)
        )
        files["word/footnotes.xml"] = f"<w:footnotes {SPACES}>{''.join(notes)}</w:footnotes>"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in [*files.items(), *((f"word/media/{name}", data) for name, data in media), *parts]:
            archive.writestr(path, text)
    return content.getvalue()


def _style(names):
    return f'<w:style w:type="paragraph" w:styleId="{names[0]}"><w:name w:val="{names[1]}"/></w:style>'


def _relationships(relations):
    rows = (
        f'<Relationship Id="{identity}" Type="{R}/{kind}" Target="{target}"/>'
        for identity, kind, target in relations
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(rows)}</Relationships>'
