"""One layer as plain data for other programs.

`report_record` is what ``analyze --layer ID --format json`` prints: the members of a layer of
`engine.formats.analysis_json`, and::

    {
      "dense": {                          as a dense layer of the same input and output, or null
        "weights", "parameters", "macs",  where the layer is no convolution and no pooling
        "sentence"
      },
      "advice": {
        "denser", "smaller", "same": [    "same": settings that keep the size of the input
          {"text", "measured",            the layer whose numbers follow
           "height", "width", "channels", "macs", "bytes", "receptive_field": {"height", "width"},
           "total_macs", "total_bytes",   of the whole network, null where some size gets lost
           "broken": [id],                layers that would get a problem
           "sentence"}                    all of it in words
        ],
        "exact": [the same]               only with --output-size
      },
      "dialects": {
        "keras", "torch", "onnx", "caffe": {
          "code", "exact", "notes": [sentence],   null in "caffe", which has no code here
          "settings": {name: value},      those that change where the words are read so; none where
                                          they mean the same, or what no settings here could say
          "consequences": [sentence]
        }
      }
    }

Advice and dialects are empty for the picture, for a layer that is switched off, and where the size
is not known.
"""

from engine.advice import Advice
from engine.formats.advice_text import advice_words
from engine.formats.analysis_json import layer_record
from engine.formats.json_text import Record, plain
from engine.formats.layer_report import LayerReport
from engine.repairs import changes


def report_record(report: LayerReport) -> Record:
    """Return all that is known of one layer as plain data; the form is described above."""
    dense = report.dense
    return {
        **layer_record(report.layer),
        "dense": None
        if dense is None
        else {
            "weights": dense.weights,
            "parameters": dense.parameters,
            "macs": dense.macs,
            "sentence": dense.sentence,
        },
        "advice": {
            "exact" if isinstance(goal, tuple) else goal: [_advice(report, one) for one in found]
            for goal, found in report.advice.items()
        },
        "dialects": {dialect: _dialect(report, dialect) for dialect in report.readings},
    }


def _advice(report: LayerReport, advice: Advice) -> Record:
    shape, field = advice.shape, advice.receptive_field
    return {
        "text": advice.text,
        "measured": advice.measured,
        "height": shape.height,
        "width": shape.width,
        "channels": shape.channels,
        "macs": advice.macs,
        "bytes": advice.bytes,
        "receptive_field": {"height": field.height, "width": field.width},
        "total_macs": advice.total_macs,
        "total_bytes": advice.total_bytes,
        "broken": list(advice.broken),
        "sentence": advice_words(advice, report.layer).line,
    }


def _dialect(report: LayerReport, dialect: str) -> Record:
    spelling, reading = report.spellings.get(dialect), report.readings[dialect]
    changed = changes(report.layer.node.layer, reading.layer.settings_dict())
    return {
        "code": spelling.code if spelling else None,
        "exact": spelling.exact if spelling else None,
        "notes": list(spelling.notes) if spelling else None,
        "settings": plain(changed),
        "consequences": list(reading.consequences),
    }
