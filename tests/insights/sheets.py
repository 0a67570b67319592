"""Reads files of tables again, as a spreadsheet does: each cell with its kind."""

import io
from datetime import datetime
from zipfile import ZipFile

import openpyxl
from defusedxml import ElementTree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def rows_of_ods(content: bytes) -> list[list]:
    """Returns the cells of a file in ODS: texts, floats and times, and ``None`` for an empty cell."""
    with ZipFile(io.BytesIO(content)) as package:
        tree = ElementTree.fromstring(package.read("content.xml"))
    return [
        [_value(cell) for cell in row.iter(f"{TABLE}table-cell")] for row in tree.iter(f"{TABLE}table-row")
    ]


def _value(cell):
    assert f"{TABLE}formula" not in cell.attrib
    match cell.get(f"{OFFICE}value-type"):
        case "float":
            return float(cell.get(f"{OFFICE}value"))
        case "date":
            return datetime.fromisoformat(cell.get(f"{OFFICE}date-value"))
        case "string":
            return "\n".join("".join(paragraph.itertext()) for paragraph in cell.iter(f"{TEXT}p"))
        case _:
            return None


def rows_of_xlsx(content: bytes) -> list[list]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [list(row) for row in sheet.iter_rows()]
    assert not [cell for row in cells for cell in row if cell.data_type == "f"]
    return [[cell.value for cell in row] for row in cells]
