"""PDFs made for tests, with invented drugs: each shows one thing that journals and manuscripts do to a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP = 60.0, 310.0, 700.0

FIRST = """Oral zorlitinib was given to adults with morphea
who had not responded to phototherapy. The dose was
7 mg once daily for twelve weeks, and it was not raised
in anyone. Two of them had taken metho-
trexate before. Plaques softened within eight weeks,
as the ultra-
sound showed, and methotrexate was stopped.""".split("\n")

SECOND = """Zorlitinib was stopped in one adult because of
a herpes infection. Platelet counts stayed above
the lower limit throughout, and no thrombosis
was seen. A later trial gave 12-
14 mg once daily to people with a long-
standing disease and found no benefit of the""".split("\n")

THIRD = """higher dose over the lower one. The ultrasound
findings agreed with what the adults reported, and
nobody asked for the study drug to be withdrawn.""".split("\n")


def made(*pages: Callable[[Canvas], None], password: str | None = None, **fields: str) -> bytes:
    """Return a PDF with a page for each function that draws one."""
    out = BytesIO()
    encryption = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(out, pagesize=A4, encrypt=encryption, invariant=1)
    for field, value in fields.items():
        getattr(canvas, f"set{field.capitalize()}")(value)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(
    canvas: Canvas, texts: Sequence[str], x: float, y: float, size: float = 10, font: str = "Times-Roman"
) -> None:
    """Draw lines under each other."""
    canvas.setFont(font, size)
    for number, text in enumerate(texts):
        canvas.drawString(x, y - 12 * number, text)


def two_columns(canvas: Canvas, number: int = 1) -> None:
    """Draw a page of a journal: head, title over both columns, two columns with a heading each, foot."""
    lines(canvas, [f"J Invented Med 2031;{number}:10-12"], LEFT, 800, 8)
    lines(canvas, [str(40 + number)], WIDTH / 2, 30, 8)
    if number == 1:
        lines(canvas, ["Zorlitinib for morphea in adults"], LEFT + 90, 760, 18, "Times-Bold")
    lines(canvas, ["Methods"], LEFT, TOP + 16, 11, "Times-Bold")
    lines(canvas, FIRST, LEFT, TOP)
    lines(canvas, ["Results"], RIGHT, TOP + 16, 11, "Times-Bold")
    lines(canvas, SECOND, RIGHT, TOP)


def goes_on(canvas: Canvas, number: int = 2) -> None:
    """Draw a page that begins with the end of a sentence."""
    lines(canvas, [f"J Invented Med 2031;{number}:10-12"], LEFT, 800, 8)
    lines(canvas, [str(40 + number)], WIDTH / 2, 30, 8)
    lines(canvas, THIRD, LEFT, TOP)


def table(
    canvas: Canvas,
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "Table 1. Doses by route",
    y: float = 500.0,
    step: float = 16.0,
    ruled: bool = True,
    x: float = LEFT,
    columns: float = 120.0,
) -> None:
    """Draw a table as journals do, with rules above and below the header and at the end; "\\n" breaks a cell."""
    lines(canvas, [caption], x, y + 26, 9, "Times-Bold")
    right = x + columns * len(rows[0])
    if ruled:
        canvas.line(x, y + 14, right, y + 14)
    canvas.setFont("Times-Roman", 9)
    for number, row in enumerate(rows):
        deepest = max(cell.count("\n") for cell in row)
        for column, cell in enumerate(row):
            for down, part in enumerate(cell.split("\n")):
                canvas.drawString(x + 4 + columns * column, y - 10 * down, part)
        y -= step + 10 * deepest
        if ruled and number in (0, len(rows) - 1):
            canvas.line(x, y + 11, right, y + 11)


def numbered_manuscript(canvas: Canvas) -> None:
    """Draw a manuscript page with a number in the margin beside every line."""
    texts = [f"Line of prose about zorlitinib that says something new, part {word}." for word in "abcdefghijklmnop"]
    for number, text in enumerate(texts):
        lines(canvas, [str(number + 17)], 30, 700 - 20 * number, 8)
        lines(canvas, [text], 80, 700 - 20 * number, 11)


def sideways(canvas: Canvas) -> None:
    """Draw a table that is turned by a quarter, as wide tables are."""
    canvas.saveState()
    canvas.translate(WIDTH, 0)
    canvas.rotate(90)
    table(canvas, DOSES, y=300)
    canvas.restoreState()


def raised(canvas: Canvas) -> None:
    """Draw a sentence with a reference mark and one with a power of ten."""
    text = canvas.beginText(LEFT, TOP)
    for part, high in (
        ("Zorlitinib softened plaques in a later trial of adults.", "3-5"),
        (" Platelets stayed above 150 × 10", "9"),
        ("/L in all of them.", ""),
    ):
        text.setFont("Times-Roman", 10)
        text.textOut(part)
        text.setRise(4)
        text.setFont("Times-Roman", 6)
        text.textOut(high)
        text.setRise(0)
    canvas.drawText(text)


def picture(canvas: Canvas) -> None:
    """Draw a page that is a picture and no text."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("L", (200, 300), 200)), 0, 0, WIDTH, HEIGHT)


def blank(canvas: Canvas) -> None:
    """Draw nothing."""


DOSES = (
    ("Drug", "Route", "Dose"),
    ("Zorlitinib", "Oral", "7 mg once daily"),
    ("Zorlitinib", "Topical", "1% twice daily"),
    ("Quenimod", "Oral", "120 mg once weekly"),
)
