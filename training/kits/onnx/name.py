import sys, numpy, onnxruntime
from PIL import Image, ImageOps

session = onnxruntime.InferenceSession("mien.onnx")
labels, side = session.get_modelmeta().custom_metadata_map["labels"].split("\n"), session.get_inputs()[0].shape[2]
picture = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB").convert("F")
face = numpy.asarray(picture.resize((side, side), Image.Resampling.BOX))
(rows,) = session.run(["probabilities"], {"face": face[None, None]})
best = rows[0].argmax()
print(labels[best], rows[0, best])
