"""Sum up the test sentences by category: ``python -m tests.bench.sentences [-v] [--ids]``."""

from __future__ import annotations

import sys
from collections import Counter

from tests.extraction_cases import cases, describe, judge, statements_of


def main() -> None:
    """Print a table; with ``-v`` each failing sentence, with ``--ids`` only their ids."""
    verbose = "-v" in sys.argv
    only = [a for a in sys.argv[1:] if not a.startswith("-")]
    table: dict[str, Counter[str]] = {}
    for case in cases():
        if only and not any(case.id.startswith(o) for o in only):
            continue
        statements = statements_of(case)
        missing, wrong = judge(case, statements)
        if "--ids" in sys.argv:
            if missing or wrong:
                print(case.id)
            continue
        row = table.setdefault(case.category, Counter())
        row["sentences"] += 1
        row["clean"] += not missing and not wrong
        row["expected"] += len(case.expected)
        row["found"] += len(case.expected) - len(missing)
        row["forbidden"] += len(wrong)
        facts = [f for f, s in zip(map(describe, statements), statements, strict=True) if s.is_fact]
        row["as fact"] += sum(f in facts for f in wrong)
        if verbose and (missing or wrong):
            print(f"\n{case.id}: {case.text}")
            for m in missing:
                print("   missing", m)
            for w in wrong:
                print("   WRONG  ", {k: v for k, v in w.items() if v is not None})
            for s in statements:
                f = describe(s)
                if f not in wrong:
                    print("   got    ", {k: v for k, v in f.items() if v is not None}, s.confidence)
    if "--ids" in sys.argv:
        return
    columns = ["sentences", "clean", "expected", "found", "forbidden", "as fact"]
    print(f"\n{'':12}" + "".join(f"{c:>11}" for c in columns))
    for category, row in [*table.items(), ("all", sum(table.values(), Counter()))]:
        print(f"{category:12}" + "".join(f"{row[c]:>11}" for c in columns))


if __name__ == "__main__":
    main()
