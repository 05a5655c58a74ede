"""Acts of laying.py for the bench `import`: a folder of many pages, and their bare rows."""

import tempfile
import time
from pathlib import Path

from django.db import connection, transaction
from wagtail.models import Page, Revision

from guide.models import MethodPage
from guide.services.folder.exporting import export_guide

PREFIX = "bench-method-"


def generated_folder(folder: str, count: str) -> int:
    """As many methods as wanted, each the text of a shipped one under an id and an address of its own."""
    with tempfile.TemporaryDirectory() as shipped:
        export_guide(Path(shipped))
        files = sorted(each for each in Path(shipped).rglob("*.md") if "\ntype: method\n" in each.read_text("utf-8"))
        for number in range(int(count)):
            file = files[number % len(files)]
            step = _fact(file.with_name("index.md"), "id")
            text = file.read_text("utf-8").replace(
                f"id: {_fact(file, 'id')}\n", f"id: {PREFIX}{number}\nparent: {step}\n", 1
            )
            text = text.replace(f"slug: {_fact(file, 'slug')}\n", f"slug: {PREFIX}{number}\n", 1)
            target = Path(folder) / file.relative_to(shipped).parts[0] / f"{number}.md"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
    return int(count)


def _fact(file: Path, name: str) -> str:
    return next(line for line in file.read_text("utf-8").split("\n") if line.startswith(f"{name}: ")).partition(": ")[2]


def forget_generated_pages() -> int:
    pages = Page.objects.filter(slug__startswith=PREFIX)
    count = pages.count()
    pages.delete()
    return count


def bare_guide_rows() -> float:
    """The seconds that COPY takes for the same rows, with indexes: pages, their own columns and their revisions."""
    pks = [str(pk) for pk in Page.objects.filter(slug__startswith=PREFIX).values_list("pk", flat=True)]
    wanted = f"({','.join(pks)})"
    texts = ",".join(f"'{pk}'" for pk in pks)
    kinds = (
        (Page._meta.db_table, f"id IN {wanted}"),
        (MethodPage._meta.db_table, f"page_ptr_id IN {wanted}"),
        (Revision._meta.db_table, f"object_id IN ({texts})"),
    )
    with transaction.atomic(), connection.cursor() as cursor:
        seconds = 0.0
        for table, condition in kinds:
            with cursor.copy(f"COPY (SELECT * FROM {table} WHERE {condition}) TO STDOUT") as out:
                rows = b"".join(out)
            cursor.execute(f"CREATE TEMP TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
            began = time.perf_counter()
            with cursor.copy(f"COPY bare_{table} FROM STDIN") as into:
                into.write(rows)
            seconds += time.perf_counter() - began
        transaction.set_rollback(True)
    return seconds
