from __future__ import annotations

from pathlib import Path

from sqlalchemy import event

from tests.labeling.face_patterns import face, open_store


def test_requests_that_wait_share_one_transaction(tmp_path: Path) -> None:
    import threading

    store = open_store(tmp_path)
    commits: list[object] = []
    event.listen(store.database.engine, "commit", commits.append)
    with store.database.turn:
        threads = [threading.Thread(target=store.images.add, args=(face(number, 64),)) for number in range(12)]
        for thread in threads:
            thread.start()
        while len(store.database._waiting) < 12:
            threading.Event().wait(0.01)
    for thread in threads:
        thread.join()
    writes = len(commits)
    assert store.gallery.page().total == 12
    assert writes == 1
