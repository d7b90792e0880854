"""Parse every manifest with PyYAML's C loader, and do nothing with it. Run as a process of its own.

``python -m bench.floor.parse FOLDER``.
"""

import os
import sys

import yaml


def main(folder: str) -> None:
    """Parse, and count the documents."""
    documents = 0
    for root, _, files in os.walk(folder):
        for name in files:
            if name.endswith(".yaml"):
                with open(f"{root}/{name}", "rb") as file:  # noqa: PTH123 (the floor is quick)
                    documents += sum(1 for _ in yaml.load_all(file.read(), yaml.CSafeLoader))
    print(documents)


if __name__ == "__main__":
    main(*sys.argv[1:])
