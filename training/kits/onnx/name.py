import sys, cv2, onnxruntime

session = onnxruntime.InferenceSession("mien.onnx")
labels, side = session.get_modelmeta().custom_metadata_map["labels"].split("\n"), session.get_inputs()[0].shape[2]
grey = cv2.cvtColor(cv2.imread(sys.argv[1]), cv2.COLOR_BGR2GRAY)
way = cv2.INTER_AREA if min(grey.shape) > side else cv2.INTER_LINEAR
face = cv2.resize(grey, (side, side), interpolation=way).astype("float32")
(rows,) = session.run(["probabilities"], {"face": face[None, None]})
best = rows[0].argmax()
print(labels[best], rows[0, best])
