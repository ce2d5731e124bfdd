"""The command line: ``mnist-compare COMMAND`` or ``python -m mnist_compare COMMAND``."""

import argparse
import json
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

from mnist_compare import picture_files
from mnist_compare.files import compress
from mnist_compare.records.place import clone
from mnist_compare.records.progress import say
from mnist_compare.report.words import spoken
from mnist_compare.report.words.translation import LANGUAGES

DESCRIPTION = """\
What a multilayer perceptron and a convolutional network really do on handwritten digits.

report, release and study need a clone of the repository, the others only the package.
"""

DEMO_EPILOG = """\
on a cloud host:
  %(prog)s --host 0.0.0.0 --port $PORT

by program, while it runs (fields model and pipeline may be left out):
  curl -F image=@digit.png -F model=reader -F pipeline=center http://127.0.0.1:7860/predict
"""

LANGUAGE = {
    "choices": LANGUAGES,
    "default": LANGUAGES[0],
    "help": "language of what is written (en)",
}
PIPELINE = {
    "default": "center",
    "help": "resize: the whole canvas; crop: the box of the ink with a margin of 20 %%; "
    "center: crop and centre of mass, as MNIST itself (the default)",
}


def main(arguments=None, called="mnist-compare"):
    """Run one command and return its exit status; ``called`` is how the user named the program."""
    options = _parser(called).parse_args(arguments)
    goes_on = ""
    if options.run in (report, study, compare):
        goes_on = " Finished runs are recorded; the same command goes on from there."
    if options.run is not predict:  # which takes no time
        work = STEPS[options.step] if options.run is release else options.run
        say(work.__doc__.partition("\n")[0])
    try:
        return options.run(options) or 0
    except KeyboardInterrupt:
        print(f"\nInterrupted.{goes_on}")
        return 130
    except ModuleNotFoundError as error:
        hint = "`pip install -r requirements.txt`, in the repository, installs all that is needed"
        print(f"mnist_compare: {error}; {hint}.", file=sys.stderr)
    except (OSError, ValueError, RuntimeError) as error:
        reason = f"{error}"
        if isinstance(error, OSError) and error.filename:  # of the system, such as a full disk
            reason = f"{error.filename}: {error.strerror}.{goes_on}"
        elif isinstance(error, RuntimeError):
            reason += goes_on
        print(f"mnist_compare: {reason}", file=sys.stderr)
    return 1


def report(options):
    """Run the notebooks and make pages and PDFs of them, in build/; no tracked file changes.

    CHAPTER, a number or a name, makes that one alone, and runs it only if what it shows may have
    changed. With --fresh, both networks are trained anew first, from five seeds. With --site,
    nothing is run: site/ becomes a folder for any static host, of what both languages have built.
    """
    folder = clone()
    from mnist_compare.report.book import building, site

    if options.site is not None:
        address = options.site and f"{options.site.rstrip('/')}/"
        paths = site.build(folder / "build", folder / "site", address)
        print(
            f"To see it, open {paths[0].relative_to(folder)} in a browser, or give site/ to a host."
        )
        return
    title_page = _chosen(options, "author", "course", "date").items()
    title_page = {name: text for name, text in title_page if text}
    paths = building.report(options.lang, options.chapter, options.fresh, **title_page)
    print(*paths, sep="\n")
    print(f"To read it, open {paths[0].relative_to(folder)} in a browser.")


def release(options):
    """Run and build everything in both languages, and put it where git tracks it.

    STEP does one thing alone. stamp writes the recorded numbers into the notebooks' prose, and
    names what is recorded by older code and each sentence that no longer holds; bench measures
    speed; figures takes the pictures of the page; ship puts trained networks into the package;
    check compares the last release with its sources.
    """
    clone()
    return STEPS[options.step]()


def _all():
    """Run and build everything in both languages, and put it where git tracks it."""
    from mnist_compare.report.book import building

    building.release()
    _figures()


def _stamp():
    """Write the recorded numbers into the prose of the notebooks, and the clone's address."""
    from mnist_compare.findings import probes
    from mnist_compare.report.book import editions, notebooks

    remarks = probes.stale()
    for path in editions.sources(clone() / "notebooks"):
        remarks += notebooks.fill(path)
    print("\n".join(remarks) or "Every sentence holds.")
    return 1 if remarks else 0


def _bench():
    """Measure speed beside Keras, plain and tuned, in about ten minutes on two idle cores."""
    from mnist_compare.findings import speed

    print(speed.measure_speed().to_string(index=False))


def _figures():
    """Take the pictures of the stage in figures/, with Debian's chromium and fonts-nanum."""
    from mnist_compare.demo import browser

    print(*browser.save_screenshots(), sep="\n")


def _ship():
    """Put the networks of seed 0 that demo and predict use into the package of this clone."""
    from mnist_compare.study import shipping

    shipping.ship()


def _check():
    """Compare what is built with what its sources give."""
    from mnist_compare.report.book import building

    wrong = building.check()
    print("\n".join(wrong) or "All that is built is what its sources give.")
    return 1 if wrong else 0


STEPS = {step.__name__[1:]: step for step in (_all, _stamp, _bench, _figures, _ship, _check)}


def compare(options):
    """Train networks of your own beside others, and leave a folder with records and a report.

    NETWORK is mine.py:build_mine, a function of a file that returns a Keras model, or one of this
    project's networks: mlp, cnn, mlp_682 and so on. The .npz file of --data holds x_train, y_train,
    x_test and y_test. What the folder holds is not trained again: the same command goes on there.
    """
    from mnist_compare.own import builders, comparing

    chosen = _chosen(options, "data", "epochs", "seeds", "out", "workers")
    comparing.compare(builders.by_name(options.network), **chosen)


def train(options):
    """Train one model and, with --save, keep it as it is after the last epoch.

    The reader has a recipe of its own, with as many epochs as it needs.
    """
    from mnist_compare.reader.recipes import RECIPES
    from mnist_compare.records import networks, progress
    from mnist_compare.report import live
    from mnist_compare.study import shipping, trained

    live.prepare()
    if options.save:  # what cannot be written is better known before minutes of training
        shipping.check_path(options.save)
    else:
        print("The trained network will not be kept; --save FILE keeps it.", flush=True)
    protocol = replace(networks.network_named(options.model).protocol, epochs=options.epochs)
    recipe = RECIPES.get((options.model, protocol.recipe))
    epochs = recipe.epochs if recipe else options.epochs

    def show(run, _):
        done(f"validation accuracy {run.rows[-1]['validation_accuracy']:.2%}")

    with progress.steps(f"Training {options.model}, epochs", epochs) as done:
        run = trained.fit(options.model, protocol, options.seed, show)
    for epoch in run.weights:
        row = run.rows[epoch - 1]
        accuracies = "training accuracy {train_accuracy:.2%}, test accuracy {test_accuracy:.2%}"
        print(f"after epoch {epoch}: {accuracies.format(**row)}")
    if options.save:
        shipping.save_run(run, options.save)
        print(f"saved as {options.save}")


def study(options):
    """Train what the chapters on evidence, on the reader or on clothes need, then measure it.

    Runs are trained side by side and recorded as they end: the same command goes on where it was
    stopped. Afterwards the networks read changed test digits, with --drawings the pen-drawn digits
    of thirty writers, and with --usps the digits of USPS. To measure anew what is recorded, delete
    its file in reports, such as robustness.csv or usps.npz.
    """
    reports = clone() / "reports"
    from joblib import parallel_config

    from mnist_compare.findings import everything

    asked = options.models, options.data, options.seeds, options.drawings, options.usps
    with parallel_config(n_jobs=options.workers or -1):
        count = everything.study(*asked)
    for path in reports.glob("*.npz"):
        compress(path)
    print(f"All {count} runs are recorded; `make report` shows what they say.")


def demo(options):
    """Serve a page to draw digits on until Ctrl-C.

    MODEL.keras, a Keras model of digits that you have trained, answers beside the demo's own under
    the name of its file. It takes grey values in 0–1, bright ink on black.
    """
    from mnist_compare import demo
    from mnist_compare.own import pad
    from mnist_compare.records.networks import SERVED

    chosen = _chosen(options, "pipeline", "host", "port", "share", "collect", "browser")
    demo.serve((*pad.use_files(options.model), *SERVED), language=options.lang, **chosen)


def drawings(options):
    """Measure how many of a folder's labelled drawings are read correctly.

    They are DIR/<digit>/*.png, as the demo collects them, and files of the class page, DIR/*.json.

    With --json, print the rates only: {model: {pipeline: {n, correct, rate, low, high}}}, low and
    high being the ends of a 95 % interval. Otherwise also write confusion matrices and a sheet of
    the misread drawings into DIR.
    """
    from mnist_compare.demo import evidence

    spoken.speak(options.lang)
    answers, skipped = evidence.measure(options.dir, options.model)
    for sentence in skipped:
        print(f"skipped {sentence}", file=sys.stderr)
    if options.json:
        rates = evidence.rates(answers)
        models = rates.index.unique(0)
        print(json.dumps({model: rates.loc[model].to_dict("index") for model in models}))
        return
    print(evidence.summary(answers))
    print(*evidence.save_pictures(answers, options.dir), sep="\n")


def predict(options):
    """Say which digit each picture shows; with --json, print one JSON line per picture.

    A picture that cannot be read gets a sentence instead.
    """
    from mnist_compare import predictor, preprocessing

    model, failed = predictor.load(options.model), False
    for file in options.file:
        try:
            drawing = picture_files.open_picture(file)
            result = preprocessing.preprocess(drawing, options.pipeline)
            if result.blank:
                raise ValueError("nothing is drawn on it")
        except (OSError, ValueError) as error:
            print(f"{file}: {error}", file=sys.stderr)
            failed = True
            continue
        probabilities = [round(float(p), 6) for p in model(result.digit)]
        confidence = max(probabilities)
        digit = probabilities.index(confidence)
        perhaps = "perhaps " if confidence < predictor.UNSURE_BELOW else ""
        sure = predictor.percentage(confidence)
        answer = f"{file}: {perhaps}{digit} ({options.model}, {sure} sure)"
        if options.json:
            answer = json.dumps({"file": file, "digit": digit, "probabilities": probabilities})
        print(answer)
    return 1 if failed else 0


def _chosen(options, *names):
    return {name: getattr(options, name) for name in names}


def _parser(called):
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(called, description=DESCRIPTION, formatter_class=formatter)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(run, **options):
        name, summary = run.__name__.replace("_", "-"), run.__doc__.partition("\n")[0]
        added = commands.add_parser(name, help=summary, description=run.__doc__, **options)
        added.set_defaults(run=run)
        return added.add_argument

    _add_report(command)
    _add_training(command)
    _add_reading(command)
    return parser


def _add_report(command):
    add = command(report)
    add("chapter", nargs="?", default="", metavar="CHAPTER", help="5 or comparison (all)")
    add("--lang", **LANGUAGE)
    add("--fresh", action="store_true", help="train the runs of the report anew, in build/records")
    add("--author", type=_words, help="who hands it in; this and the next two give a title page")
    add("--course", type=_words, help="the course")
    add("--date", type=_words, help="the date")
    add("--site", nargs="?", const="", metavar="ADDRESS", help="write site/, to stand at ADDRESS")

    add = command(release)
    add("step", nargs="?", choices=STEPS, default="all", metavar="STEP", help=", ".join(STEPS))


def _add_training(command):
    add = command(train)
    add("model", help="mlp, cnn or reader")
    add("--epochs", type=int, default=10, help="epochs to train (10)")
    add("--seed", type=int, default=0, help="weights and order of digits (0)")
    add("--save", type=Path, metavar="FILE", help="keep it as FILE.keras")

    add = command(compare)
    add("network", nargs="+", metavar="NETWORK", help="mine.py:build_mine, cnn, …; two or more")
    add("--data", default="mnist", help="mnist (the default), fashion_mnist or an .npz file")
    add("--epochs", type=_positive, default=10, help="epochs to train (10)")
    add("--seeds", type=_positive, default=10, help="times each is trained anew (10)")
    add("--out", type=Path, metavar="DIR", help="the folder (named after the networks)")
    add("--workers", **WORKERS)

    add = command(study)
    add("--seeds", type=_positive, default=20, help="of both models (20)")
    add("--data", default="mnist", help="mnist (the default) or fashion_mnist")
    add("--models", nargs="+", metavar="MODEL", help="only these (all)")
    add("--workers", **WORKERS)
    add(
        "--drawings",
        type=Path,
        metavar="PATH",
        help="pendigits-orig.tra of the UCI repository (doi 10.24432/C5MG6K), packed or not",
    )
    add("--usps", type=Path, metavar="PATH", help="the test set of USPS, as text, packed or not")


def _add_reading(command):
    formatter = argparse.RawDescriptionHelpFormatter
    add = command(demo, formatter_class=formatter, epilog=DEMO_EPILOG)
    add("model", nargs="*", type=Path, metavar="MODEL.keras", help="a network of your own")
    add("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    add("--port", type=int, help="port to listen on (the first free from 7860)")
    add("--share", action="store_true", help="ask Gradio for a public link; keeps no drawings")
    add("--lang", metavar="en|ko", help="language (as the browser asks for)")
    add(
        "--collect",
        type=Path,
        metavar="DIR",
        help="keep the drawings whose digit users confirm or correct in DIR; without it, only a "
        "page that this machine alone can open keeps them, with your other data of programs",
    )
    add("--no-browser", action="store_false", dest="browser", help="only print the address")
    add("--pipeline", **PIPELINE)

    add = command(drawings)
    add("dir", type=Path, metavar="DIR", help="has a folder for each digit, 0 to 9")
    add("--lang", **LANGUAGE)
    add("--model", action="append", help="measure this model only; may be repeated")
    add("--json", action="store_true", help="print the rates as one JSON object")

    add = command(predict)
    add("file", nargs="+", metavar="FILE", help="PNG or JPEG, any size and paper")
    add("--model", default="reader", help="mlp, cnn or reader (reader)")
    add("--json", action="store_true", help="print the digit and ten probabilities as JSON")
    add("--pipeline", **PIPELINE)


def _words(text):
    if unknown := [sign for sign in text if unicodedata.category(sign) in ("So", "Co", "Cn", "Cs")]:
        signs = " ".join(unknown)
        raise argparse.ArgumentTypeError(f"the PDF has no glyph for {signs}; leave it out")
    return " ".join(text.split())


def _positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {text}")
    return number


WORKERS = {"type": _positive, "help": "processes, each of one thread (one a core)"}


if __name__ == "__main__":
    sys.exit(main(called="python -m mnist_compare"))
