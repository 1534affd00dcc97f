"""Pages: by the rules of a source, or by what tables and labels under ordinary names say.

A source of `adapter: page` names in its options the selector of an `item` (none: the page is one), and
in its columns selectors below it: `{"td:nth-child(2)": raw_title, "a@href": url}`; an attribute stands
after `@`. A selector that finds nothing in any item is a missing field: the site was rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from marsad.base.errors import InputError
from marsad.base.html import parse_html
from marsad.base.records import Broken, Record, Row
from marsad.base.tables import Sheet, find_table, grid
from marsad.collect.adapters import labels
from marsad.collect.adapters.labels import Line
from marsad.collect.context import Context, Payload
from marsad.collect.identifiers import told_apart
from marsad.collect.mapping import joined_address, records
from marsad.collect.names import known_name, ordinary, says_enough

_UNSEEN = (
    "script, style, noscript, template, nav, footer, aside, select, option, input, textarea, button, label, svg,"
    ' iframe, head, [hidden], [role="navigation"], [role="search"], [aria-hidden="true"], [style*="display:none"],'
    ' [style*="display: none"]'
)
"""What is no text of a page: programs, navigation, controls, and what is hidden."""
_MAIN = ("main", '[role="main"]', "article")
_BLOCKS = frozenset(
    "address article blockquote body center dd div dl dt fieldset figure form h1 h2 h3 h4 h5 h6 header hr html li"
    " main ol p pre section table tbody td tfoot th thead tr ul".split()
)
_STANDS_OUT = frozenset({"strong", "b", "span", "em", "u", "i"})
_CLIMB = 40  # elements between a text and its block
_LEAST = 200  # letters of a main part
_MOST_ITEMS, _MOST_TABLES = 10_000, 100


def tree_of(ctx: Context, payload: Payload) -> LexborHTMLParser:
    """The tree of a page. InputError: nested too deep."""
    try:
        return parse_html(ctx.text(payload, mend=True))
    except InputError as error:
        raise InputError(error.rule, file=payload.name) from None


def _base(ctx: Context, tree: LexborHTMLParser) -> str:
    """The address below which links of a page stand; '' when it does not say."""
    for selector, name in (("base[href]", "href"), ('link[rel="canonical"]', "href"),
                           ('meta[property="og:url"]', "content")):  # fmt: skip
        if (node := tree.css_first(selector)) and (address := node.attributes.get(name)):
            return address
    return str(ctx.spec.options.get("base", ""))


def _below(base: str, link: str) -> str:
    return joined_address(base, link) if base else link.strip()


# By rule.


def _value(item: LexborNode, selector: str) -> str | None:
    """What a selector finds below an item, None for nothing; `@name` its attribute."""
    css, _, attribute = selector.partition("@")
    nodes = item.css(css.strip()) if css.strip() else [item]
    if attribute:
        values = [node.attributes.get(attribute) or "" for node in nodes]
        return values[0] if values else None
    texts = [line.text for node in nodes for line in lines_of(node)]
    return "\n".join(texts) if nodes else None


def _by_rule(ctx: Context, payload: Payload) -> Iterator[tuple[int, Row]]:
    tree = tree_of(ctx, payload)
    base, selector = _base(ctx, tree), str(ctx.spec.options.get("item", ""))
    root = tree.body or tree.root
    try:
        items = tree.css(selector) if selector else [root] if root is not None else []
        for number, item in enumerate(items[:_MOST_ITEMS], 1):
            row: Row = {}
            for column, name in ctx.spec.columns.items():
                if (value := _value(item, column)) is not None:
                    row[column] = _below(base, value) if name == "url" else value
            yield number, row
    except SelectolaxError as error:
        raise InputError(f"a selector of source {ctx.spec.id} is none ({error})") from None


def collect(ctx: Context) -> Iterator[Record]:
    """The records of every page, by the source's rules; a page without items is a warning."""
    for payload in ctx.payloads:
        rows = list(_by_rule(ctx, payload))
        if not rows:
            ctx.warn("no item in this page", file=payload.name)
            continue
        ctx.account({name for _, row in rows for name in row}, file=payload.name)
        yield from told_apart(ctx, records(ctx, rows, file=payload.name), file=payload.name)


# By ordinary names.


def _of_tables(kind: str, tree: LexborHTMLParser, base: str) -> list[Row]:
    """The rows of the first table whose heading names a title and one more field."""
    for table in tree.css("table")[:_MOST_TABLES]:
        lines, links = grid(table)
        try:
            head = find_table([Sheet("", lines)], (), lambda word: known_name(kind, word))
        except InputError:
            continue
        made = ordinary(kind, [name for name in head.heading if name])
        if not says_enough(made):
            continue
        named = set(made.columns.values())
        rows = []
        for number, line in head.rows():
            if not isinstance(line, Broken):
                row = {name: cell for name, cell in zip(head.heading, line) if name}
                link = links[number - 1] if number <= len(links) else ""
                rows.append(
                    {**({"link": _below(base, link)} if link and "url" not in named else {}), **row}
                )
        if rows:
            return rows
    return []


def ordinary_rows(kind: str, tree: LexborHTMLParser, base: str) -> list[Row]:
    """What a page without markup says: its table, else its labels, else that it is a notice."""
    if rows := _of_tables(kind, tree, base):
        return rows
    title = _title(tree)
    for node in tree.css(_UNSEEN):
        node.decompose()
    parts = [node for selector in _MAIN for node in tree.css(selector)]
    part = next((node for node in parts if len(node.text()) >= _LEAST), tree.body)
    lines = lines_of(part) if part is not None else []
    rows = list(labels.read(kind, lines, title))
    if kind == "ads" and len(rows) < 2 and (row := labels.notice(lines, *rows)):
        rows = [row]
    for row in rows:
        link = _below(base, str(row.get("url", ""))) if row.get("url") else ""
        if link := link or (base if len(rows) == 1 else ""):
            row["url"] = link
    return rows


def ordinary_records(ctx: Context, tree: LexborHTMLParser, file: str) -> Iterator[Record]:
    """The records of `ordinary_rows`, read by ordinary names."""
    rows = ordinary_rows(ctx.spec.kind, tree, _base(ctx, tree))
    fields = list(dict.fromkeys(name for row in rows for name in row))
    made = ordinary(ctx.spec.kind, fields)
    numbered = enumerate(rows, 1)
    yield from told_apart(ctx, records(ctx, numbered, file=file, made=made), file=file)


def _title(tree: LexborHTMLParser) -> str:
    """What a page calls itself: its one first heading, '' for none or several."""
    heads = tree.css("h1")
    return " ".join(heads[0].text(separator=" ").split()) if len(heads) == 1 else ""


def lines_of(root: LexborNode) -> list[Line]:
    """The text below an element by line: one for each block, and after each line break."""
    lines: list[Line] = []
    pieces: list[tuple[str, LexborNode]] = []
    block: LexborNode | None = None
    for node in root.traverse(include_text=True):
        if node.tag == "br":
            _end(lines, pieces, block)
        if node.tag != "-text" or not (text := " ".join((node.text_content or "").split())):
            continue
        above = _block_of(node, root)
        if block is not None and above.mem_id != block.mem_id:
            _end(lines, pieces, block)
        block = above
        pieces.append((text, node))
    _end(lines, pieces, block)
    return _with_labels(lines)


def _block_of(node: LexborNode, root: LexborNode) -> LexborNode:
    above = node.parent or root
    for _ in range(_CLIMB):
        if above.tag in _BLOCKS or above.mem_id == root.mem_id or above.parent is None:
            break
        above = above.parent
    return above


def _end(lines: list[Line], pieces: list[tuple[str, LexborNode]], block: LexborNode | None) -> None:
    """Make a line of the pieces that were read."""
    if not pieces or block is None:
        return
    text, first = " ".join(piece for piece, _ in pieces), pieces[0][1].parent
    tag = block.tag or ""
    level = int(tag[1]) if _is_heading(tag) else 0
    link = _link(pieces[0][1])
    if not level and link is not None and len(pieces) == 1 and len(text) > 4:
        level = 7
    stands_out = first is not None and first.tag in _STANDS_OUT and len(pieces) > 1
    label = text if _is_label(block) else pieces[0][0] if stands_out else ""
    href = (link.attributes.get("href") or "") if link is not None else ""
    lines.append(Line(text, 0 if _is_label(block) else level, label, href))
    pieces.clear()


def _is_heading(tag: str) -> bool:
    return len(tag) == 2 and tag[0] == "h" and tag[1] in "123456"


def _link(node: LexborNode) -> LexborNode | None:
    above = node.parent
    for _ in range(3):
        if above is None or above.tag == "a":
            return above
        above = above.parent
    return None


def _is_label(block: LexborNode) -> bool:
    """Whether a block is the name of what follows it: a dt, or the first of two cells of a row."""
    if block.tag == "dt":
        return True
    if block.tag not in ("td", "th") or block.parent is None:
        return False
    cells = [cell for cell in block.parent.iter() if cell.tag in ("td", "th")]
    return len(cells) == 2 and cells[0].mem_id == block.mem_id


def _with_labels(lines: list[Line]) -> list[Line]:
    """The lines, the name in one cell joined to the value in the next."""
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before is not None and before.label and before.label == before.text and not line.label:
            name = before.text.rstrip(" :：")
            joined[-1] = Line(f"{name}: {line.text}", 0, name, line.href)
        else:
            joined.append(line)
    return joined
