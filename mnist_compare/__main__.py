"""The command line: ``mnist-compare COMMAND`` or ``python -m mnist_compare COMMAND``."""

import argparse
import json
import sys
from functools import partial
from pathlib import Path

from mnist_compare import repository

DESCRIPTION = """\
What a multilayer perceptron and a convolutional network really do on handwritten digits.

  report    train what has no record yet, run the notebooks, write reports/report.html and .pdf
  train     train one model from one seed and show how it goes
  study     train many seeds and sizes, and measure them on changed digits and on drawings
  demo      draw digits in the browser and see what the models read
  drawings  measure how many drawings of your own the models read
  screenshots  take the pictures of the demo that README and report show
  predict   read digits from picture files
  bench     measure how fast training, prediction and report are, beside plain Keras
  export-onnx  write a trained model as ONNX, checked against Keras

report, study, screenshots and bench need a clone of the repository, the others only the package.
"""

DEMO_EPILOG = """\
on a cloud host:
  %(prog)s --host 0.0.0.0 --port $PORT

by program, while it runs (fields model and pipeline may be left out):
  curl -F image=@digit.png -F model=reader -F pipeline=center http://127.0.0.1:7860/predict

  import base64, gradio_client
  picture = "data:image/png;base64," + base64.b64encode(open("digit.png", "rb").read()).decode()
  gradio_client.Client("http://127.0.0.1:7860").predict(picture, api_name="/predict")
"""


def main(arguments=None, called="mnist-compare"):
    """Run one command and return its exit status; ``called`` is how the user named the program."""
    options = _parser(called).parse_args(arguments)
    try:
        return options.run(options) or 0
    except KeyboardInterrupt:
        print("\nInterrupted. Finished runs are recorded; the same command goes on from there.")
        return 130
    except ModuleNotFoundError as error:
        print(
            f"mnist_compare: {error}; `pip install -r requirements.txt`, in the repository, "
            "installs all that its commands need.",
            file=sys.stderr,
        )
        return 1
    except (OSError, ValueError, RuntimeError) as error:
        print(f"mnist_compare: {error}", file=sys.stderr)
        return 1


def report(options):
    """Train what is missing, run the notebooks, build the pages and the README's results."""
    folder = repository.folder()
    from mnist_compare import report, study

    study.complete(study.main_job(), fresh=options.fresh)
    notebooks = sorted((folder / "notebooks").glob("[0-9]*.ipynb"))
    report.execute(notebooks)
    for path in report.build(notebooks, folder / "reports"):
        print(path)
    report.update_readme(folder / "README.md")


def train(options):
    """Train one model and, where asked, save it at its reported epochs.

    The reader, and the steps towards it, have epochs of their own.
    """
    from mnist_compare import models, reader, recipes, training

    if (options.model, options.protocol) in recipes.RECIPES:
        run = reader.train(options.model, options.protocol, options.seed)
    else:
        run = training.train(options.model, options.epochs, options.seed, options.protocol)
    for epoch, weights in run.weights.items():
        row = run.rows[epoch - 1]
        print(
            f"after epoch {epoch}: training accuracy {row['train_accuracy']:.2%}, "
            f"test accuracy {row['test_accuracy']:.2%}"
        )
        if options.save:
            model = models.build(options.model)
            model.set_weights(weights)
            options.save.mkdir(parents=True, exist_ok=True)
            path = options.save / f"{options.model}-seed{options.seed}-epoch{epoch}.keras"
            model.save(path)
            print(f"  saved as {path}")


def study(options):
    """Train what the chapters on evidence and on the reader need, then measure it.

    Runs are trained side by side and recorded as they end: the same command goes on where it was
    stopped. Afterwards the networks of the first seeds read changed test digits and, with
    --drawings, the pen-drawn digits of thirty writers. What is recorded is not measured again:
    delete robustness.csv, pendigits.npz or ablation.csv in reports to measure all of it anew.
    """
    repository.folder()  # raises at once, before anything is loaded or trained
    from mnist_compare import ablation, pendigits, robustness, study

    known = (*study.MODELS, *study.VARIANTS, "reader")
    names = options.models or known
    if unknown := set(names) - set(known):
        raise ValueError(f"There is no model {unknown.pop()!r}; choose among {', '.join(known)}.")
    wanted = [key for key in study.evidence(options.seeds) if key[0] in names]
    steps = ablation.wanted(options.seeds) if "reader" in names else []
    wanted = list(dict.fromkeys([*wanted, *steps]))
    few = [(m, seed) for m, protocol, seed in wanted if protocol == "fair" and seed < study.FEW]
    scheduler = options.scheduler
    with study.cluster(scheduler) if scheduler else study.workers(options.workers) as executor:
        study.complete(wanted, executor=executor)
        compared = [(model, seed) for model, seed in few if model in study.MODELS]
        robustness.complete(compared, executor, study.show)
        if options.drawings:
            pendigits.complete(options.drawings, few, executor, study.show)
            ablation.complete(options.drawings, steps, executor, study.show)
    print(f"All {len(wanted)} runs are recorded; `make report` shows what they say.")


def demo(options):
    """Serve the drawing demo until Ctrl-C."""
    from mnist_compare import demo

    demo.serve(
        pipeline=options.pipeline,
        host=options.host,
        port=options.port,
        share=options.share,
        language=options.lang,
        collect=options.collect,
    )


def drawings(options):
    """Measure how many of the labelled drawings DIR/<digit>/*.png are read correctly.

    With --json, prints the rates only: {model: {pipeline: {n, correct, rate, low, high}}}, low and
    high being the ends of a 95 % interval. Else also writes confusion matrices and a sheet of the
    misread drawings into DIR, and sums up the log, where the demo has kept one.
    """
    from mnist_compare import drawings

    read = drawings.read(options.dir, options.model)
    for sentence in read.skipped:
        print(f"skipped {sentence}", file=sys.stderr)
    if options.json:
        print(json.dumps(read.rates()))
        return
    print(drawings.summary(read, options.dir))
    for path in drawings.save_pictures(read, options.dir):
        print(path)


def predict(options):
    """Print one JSON line per picture; a picture that cannot be read gets a sentence instead."""
    from mnist_compare import predictor, preprocessing

    model, failed = predictor.load(options.model), False
    for file in options.file:
        try:
            drawing = preprocessing.open_picture(file)
            result = preprocessing.preprocess(drawing, options.pipeline)
            if result.blank:
                raise ValueError("nothing is drawn on it")
        except (OSError, ValueError) as error:
            print(f"{file}: {error}", file=sys.stderr)
            failed = True
            continue
        probabilities = [round(float(p), 6) for p in model(result.digit)]
        digit = probabilities.index(max(probabilities))
        print(json.dumps({"file": file, "digit": digit, "probabilities": probabilities}))
    return 1 if failed else 0


def bench(options):
    """Measure speed in pairs, baseline and ours in turn, and record it in reports/bench.json."""
    repository.folder()
    from mnist_compare import bench, tables

    progress = partial(print, file=sys.stderr, flush=True)
    found = bench.measure(options.row, options.repetitions, progress)
    print(json.dumps(found) if options.json else tables.speed(found).to_string())


def export_onnx(options):
    """Write a trained model as ONNX, checked by onnx.checker and on the 10,000 test digits."""
    from mnist_compare import predictor

    predictor.check_onnx_tools()
    path = options.to or Path(f"{options.model}.onnx")
    difference = predictor.export_onnx(predictor.load_keras(options.model), path)
    print(f"{path}: at most {difference:.1e} from Keras on the 10,000 test digits")


def screenshots(options):
    """Take the pictures of the demo in figures/, with Debian's Chromium and playwright."""
    repository.folder()
    from mnist_compare import screenshots

    for path in screenshots.save():
        print(path)


def _parser(called):
    parser = argparse.ArgumentParser(
        prog=called,
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    command = _command(commands, report, "write the report from the records")
    command.add_argument("--fresh", action="store_true", help="train every run of the report anew")

    command = _command(commands, train, "train one model from one seed")
    command.add_argument("model", help="mlp, cnn or reader")
    command.add_argument("--epochs", type=int, default=10, help="epochs to train (10)")
    command.add_argument("--seed", type=int, default=0, help="weights and order of digits (0)")
    command.add_argument(
        "--protocol",
        default="fair",
        help="fair: both models on the same digits (the default); source: as in the source report",
    )
    command.add_argument(
        "--save", type=Path, metavar="DIR", help="save the model at epochs 5 and 10 and at the last"
    )

    command = _command(commands, study, "train many seeds and sizes, and measure them")
    command.add_argument("--seeds", type=_positive, default=20, help="of both models (20)")
    command.add_argument("--models", nargs="+", metavar="MODEL", help="only these (all)")
    command.add_argument(
        "--workers", type=_positive, help="processes, each of one thread (one a core)"
    )
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask cluster instead, such as tcp://host:8786"
    )
    command.add_argument(
        "--drawings",
        type=Path,
        metavar="PATH",
        help="pendigits-orig.tra of the UCI repository (doi 10.24432/C5MG6K), packed or not",
    )

    command = _command(commands, demo, "draw digits in the browser")
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    command.add_argument("--port", type=int, help="port to listen on (the first free from 7860)")
    command.add_argument("--share", action="store_true", help="ask Gradio for a public link")
    command.add_argument("--lang", metavar="en|ko", help="language (as the browser asks for)")
    command.add_argument(
        "--collect",
        type=Path,
        metavar="DIR",
        help="keep the drawings whose digit users confirm or correct in DIR; without it, only a "
        "page that this machine alone can open keeps them, with your other data of programs",
    )
    _add_pipeline(command)
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.epilog = DEMO_EPILOG

    command = _command(commands, drawings, "measure your own drawings")
    command.add_argument(
        "dir", type=Path, metavar="DIR", help="has a folder for each digit, 0 to 9"
    )
    command.add_argument(
        "--model", action="append", help="measure this model only; may be repeated"
    )
    command.add_argument("--json", action="store_true", help="print the rates as one JSON object")

    _command(commands, screenshots, "take the pictures of the demo")

    command = _command(commands, predict, "read digits from picture files")
    command.add_argument("file", nargs="+", metavar="FILE", help="PNG or JPEG, any size and paper")
    command.add_argument("--model", default="reader", help="mlp, cnn or reader (reader)")
    _add_pipeline(command)

    command = _command(commands, bench, "measure the speed")
    command.add_argument("row", nargs="*", metavar="ROW", help="rows to measure (all)")
    command.add_argument("--repetitions", type=int, default=5, help="pairs of each row (5)")
    command.add_argument("--json", action="store_true", help="print the record instead of a table")

    command = _command(commands, export_onnx, "write a trained model as ONNX")
    command.add_argument("model", help="mlp, cnn or reader")
    command.add_argument("--to", type=Path, metavar="FILE", help="file to write (MODEL.onnx)")
    return parser


def _positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {text}")
    return number


def _command(commands, run, summary):
    command = commands.add_parser(
        run.__name__.replace("_", "-"), help=summary, description=run.__doc__
    )
    command.set_defaults(run=run)
    return command


def _add_pipeline(command):
    command.add_argument(
        "--pipeline",
        default="center",
        help="resize: the whole canvas; crop: the box of the ink with a margin of 20 %%; "
        "center: crop and centre of mass, as MNIST itself (the default)",
    )


if __name__ == "__main__":
    sys.exit(main(called="python -m mnist_compare"))
