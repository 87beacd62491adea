from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from labeling.store import Store
from labeling.stored_faces import Guess
from tests.labeling.face_patterns import face, open_store


def test_numbers_follow_one_another_and_no_deletion_gives_one_back(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert [store.version_numbers.take(above) for above in (0, 1, 2)] == [1, 2, 3]
    assert store.version_numbers.take(2) == 4  # the newest version, 3, was deleted
    store.close()
    assert open_store(tmp_path).version_numbers.take(0) == 5


def test_a_number_is_larger_than_every_version_that_anything_names(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert store.version_numbers.take(6) == 7
    store.runs.publish(store.runs.queue().id, 11, "", activate=False)
    assert store.version_numbers.take(0) == 12
    image = store.images.add(face(1)).image_id
    store.suggestions.record(
        {
            image: Guess("fear", 0.5, 20),
        }
    )
    store.suggestions.record({image: Guess("fear", 0.5, 2)})
    assert store.version_numbers.take(0) == 21
    store.deletion.delete([image])
    store.deletion.purge()
    assert store.version_numbers.take(0) == 22


def test_two_processes_and_two_stores_never_take_the_same_number(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mien.db'}"
    stores = [Store(url), Store(url)]
    script = (
        "import sys; from labeling.store import Store; store = Store(sys.argv[1]); "
        "print(*(store.version_numbers.take(0) for _ in range(25)))"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, url], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda number: stores[number % 2].version_numbers.take(0), range(50)))
    for process in processes:
        taken += map(int, process.communicate(timeout=120)[0].split())
        assert process.returncode == 0
    assert sorted(taken) == list(range(1, 101))
