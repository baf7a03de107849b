"""QR codes of links, for screens and for print: SVG, and PNG large enough for a poster. Pure."""

import io

PRINT_PIXELS = 1000  # at least, on each side
QUIET = 4  # modules of white around it, as the standard asks


def qr(link: str, form: str) -> bytes:
    """The code as "svg" or "png": black on white in every colour scheme, no style attributes, a quarter may be lost."""
    import segno

    code, out = segno.make(link, error="q", micro=False), io.BytesIO()
    if form == "png":
        scale = -(-PRINT_PIXELS // code.symbol_size(border=QUIET)[0])
        code.save(out, kind="png", scale=scale, border=QUIET, dark="#000", light="#fff")
    else:
        code.save(
            out,
            kind="svg",
            scale=8,
            border=QUIET,
            dark="#000",
            light="#fff",
            svgclass=None,
            lineclass=None,
            omitsize=False,
        )
    return out.getvalue()
