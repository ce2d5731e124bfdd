"""Put the results, from the records, into the README."""

from mnist_compare.place import whole
from mnist_compare.report import comparison, nearness, reader, sentences, tables

BEGIN, END = "<!-- results -->\n", "<!-- end of results -->"
NEARNESS = (
    "With their pixels permuted, the same way for all digits, the MLP learns as well as before and "
    "the CNN reads {nearness.source.cnn_minus_p_cnn:.2p} less "
    "({nearness.best.cnn_minus_p_cnn:.2p}, each at the best of the recipes tried): that is what it "
    "is worth to it to know which pixels are neighbours."
)
READER = (
    "A third network, the *reader* ({reader.parameters:,} parameters, trained on MNIST's digits, "
    "varied as drawings vary), reads {reader.test_accuracy:.2%} of the test digits (mean of "
    "{reader.test_accuracy.n} seeds) and {reader.drawings:.1%} of the drawings of ten unknown "
    "writers, of which the CNN reads {cnn.drawings:.1%}."
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
    with whole(path) as temporary:
        temporary.write_text(f"{before}{mark}{results}\n\n{said}\n{end}{after}", "utf-8")
