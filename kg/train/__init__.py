"""Train the language layer: raw treebanks in, the packaged model out.

Not needed to run ``kg``. Install with ``pip install kg[train]`` and call
``python -m kg.train --data FOLDER``; see ``README.md`` beside this file.
"""
