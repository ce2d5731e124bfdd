"""Put the results, from the records, into the README."""

from mnist_compare.place import atomically
from mnist_compare.report.chapters import comparison, nearness, reader
from mnist_compare.report.words import sentences, tables

BEGIN, END = "<!-- results -->\n", "<!-- end of results -->"
NEARNESS = (
    "Shuffle the pixels, in the same way for all digits, and the MLP learns as well as before, "
    "while the CNN loses {nearness.source.cnn_minus_p_cnn:.2p} of test accuracy "
    "({nearness.best.cnn_minus_p_cnn:.2h} where each network has the best of the recipes tried): "
    "that is what knowing which pixels are neighbours is worth to it."
)
READER = (
    "A third network, the *reader* ({reader.parameters:,} parameters, trained on MNIST's digits, "
    "varied as drawings vary), reads {reader.test_accuracy:.2%} of the test digits (mean of "
    "{reader.test_accuracy.n} seeds). Of digits that ten strangers drew, each placed by its centre "
    "of mass as MNIST's are, it reads {reader.drawings:.1%} and the CNN {cnn.drawings:.1%}; with "
    "only the box of the ink cut out, {reader.drawings_crop:.1%} and {cnn.drawings_crop:.1%}. Its "
    "recipe was tuned on the drawings of twenty other writers; one choice was made with these ten "
    "in view."
)


def update(path):
    """Put the results between the two marks in the README at a path."""
    before, mark, rest = path.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"{path} must have the marks {BEGIN.strip()} and {END}; put them back.")
    results = tables.markdown(comparison.results())
    said = sentences.fill(NEARNESS, **nearness.numbers())
    said += "\n\n" + sentences.fill(READER, **reader.beside_the_cnn())
    with atomically(path) as temporary:
        temporary.write_text(f"{before}{mark}{results}\n\n{said}\n{end}{after}", "utf-8")
