import os

from mnist_compare import lazy_keras


def test_what_is_written_after_the_import_is_seen(capfd):
    lazy_keras.load.__wrapped__()
    os.write(2, b"still here\n")
    assert capfd.readouterr().err == "still here\n"
