// Reads cases as JSON, has the kit's core answer them, and prints its answers as JSON: test_swift_core.py compares them.

import Foundation

struct Case: Decodable {
    let width: Int
    let height: Int
    let bgra: Data
    let box: [Double]
    let points: [[Double?]]?
    let probabilities: [Double]
    let labels: [String]
    let margin: Double
    let quality: Double
}

struct Answer: Encodable {
    let crop: Data
    let score: Double
    let faults: [String]
    let doubt: String
}

struct Outline: Decodable {
    let pupils: [[Double]]
    let nose: [[Double]]
    let lips: [[Double]]
}

struct Cases: Decodable {
    let faces: [Case]
    let outlines: [Outline]
}

struct Answers: Encodable {
    let faces: [Answer]
    let outlines: [[[Double]]?]
}

func place(_ values: [Double?]) -> PicturePoint {
    PicturePoint(x: values[0] ?? .nan, y: values[1] ?? .nan)
}

func answer(_ face: Case) -> Answer {
    let points = face.points.map { $0.map(place) }.map {
        FacePoints(eye: $0[0], otherEye: $0[1], nose: $0[2], mouthCorner: $0[3], otherMouthCorner: $0[4])
    }
    let box = FaceBox(x: face.box[0], y: face.box[1], width: face.box[2], height: face.box[3])
    let square = FaceSquare.around(points, box: box)
    let part = square.part(width: face.width, height: face.height)
    var pixels: [UInt8] = []
    for row in part.top..<part.top + part.height {
        let start = 4 * (row * face.width + part.left)
        pixels += face.bgra[start..<start + 4 * part.width]
    }
    let around = PixelGrid(width: part.width, height: part.height, channels: 4, bytes: pixels)
    let crop = FaceCrop.cut(around, at: part, square: square, side: 48)
    let quality = FaceQuality(
        crop: crop, square: square, points: points, width: face.width, height: face.height)
    let doubt = Sureness(margin: face.margin, quality: face.quality).doubt(
        probabilities: face.probabilities, quality: quality, labels: face.labels)
    return Answer(
        crop: Data(crop.bytes), score: quality.score, faults: quality.faults.map(\.rawValue), doubt: doubt ?? "")
}

func answer(_ outline: Outline) -> [[Double]]? {
    let points = FacePoints(
        pupils: (place(outline.pupils[0]), place(outline.pupils[1])), nose: outline.nose.map(place),
        lips: outline.lips.map(place))
    return points?.all.map { [$0.x, $0.y] }
}

let cases = try JSONDecoder().decode(Cases.self, from: FileHandle.standardInput.readDataToEndOfFile())
let answers = Answers(faces: cases.faces.map(answer), outlines: cases.outlines.map(answer))
FileHandle.standardOutput.write(try JSONEncoder().encode(answers))
