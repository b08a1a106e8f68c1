"""Scans made for tests: a page drawn, turned into a picture of it and put into a PDF that holds nothing else."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pypdfium2 as pdfium
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.corpus.pdfs import HEIGHT, WIDTH, lines, made

SCANNED = """Adults with morphea who had not responded to
phototherapy were given oral tofacitinib 5 mg twice daily
for a year, and the dose was not raised in anyone.
Plaques softened within eight weeks.""".split("\n")


def prose(canvas: Canvas) -> None:
    """Draw a page of prose with a heading, as large as print."""
    lines(canvas, ["Treatment of morphea"], 60, 760, 16, "Times-Bold")
    lines(canvas, SCANNED, 60, 720, 11)


def scanned(*pages: Callable[[Canvas], None]) -> bytes:
    """Return a PDF whose pages are pictures, at 200 dpi, of what the functions draw."""
    document = pdfium.PdfDocument(made(*pages))
    out = BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1)
    for page in document:
        picture = page.render(scale=200 / 72, grayscale=True).to_pil()
        canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)
        canvas.showPage()
    document.close()
    canvas.save()
    return out.getvalue()
