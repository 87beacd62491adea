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

struct Film: Decodable {
    struct Frame: Decodable {
        let time: Double
        let boxes: [[Double]]
        let points: [[[Double]]]
        let probabilities: [[Double]]
        let scores: [Double]
    }
    let labels: [String]
    let frames: [Frame]
}

struct Followed: Encodable {
    let id: Int
    let box: [Double]
    let points: [[Double]]
    let probabilities: [Double]
    let doubt: String
}

struct Cases: Decodable {
    let film: Film
    let faces: [Case]
    let outlines: [Outline]
}

struct Answers: Encodable {
    let film: [[Followed]]
    let faces: [Answer]
    let outlines: [[[Double]]?]
}

func place(_ values: [Double?]) -> PicturePoint {
    PicturePoint(x: values[0] ?? .nan, y: values[1] ?? .nan)
}

func fivePoints(_ values: [[Double?]]) -> FacePoints {
    let places = values.map(place)
    return FacePoints(
        eye: places[0], otherEye: places[1], nose: places[2], mouthCorner: places[3], otherMouthCorner: places[4])
}

func rectangle(_ values: [Double]) -> FaceBox {
    FaceBox(x: values[0], y: values[1], width: values[2], height: values[3])
}

func answer(_ film: Film) -> [[Followed]] {
    var tracker = FaceTracker()
    var doubts = SteadyDoubts(Sureness(margin: 0.3, quality: 0.5), labels: film.labels)
    return film.frames.map { frame in
        let found = zip(frame.boxes, frame.points).map {
            FoundFace(box: rectangle($0), points: fivePoints($1))
        }
        let places = tracker.steadied(found, at: frame.time)
        let tracks = tracker.update(places, probabilities: frame.probabilities, at: frame.time)
        doubts.forgetOthers(than: tracks.map(\.id))
        return zip(tracks, frame.scores).map { track, score in
            let quality = FaceQuality(score: score, faults: score < 1 ? [.dark] : [])
            let doubt = doubts.update(
                face: track.id, probabilities: track.probabilities, quality: quality, at: frame.time)
            let box = track.face.box
            return Followed(
                id: track.id, box: [box.x, box.y, box.width, box.height],
                points: track.face.points?.all.map { [$0.x, $0.y] } ?? [], probabilities: track.probabilities,
                doubt: doubt ?? "")
        }
    }
}

func answer(_ face: Case) -> Answer {
    let points = face.points.map(fivePoints)
    let square = FaceSquare.around(points, box: rectangle(face.box))
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
let answers = Answers(
    film: answer(cases.film), faces: cases.faces.map(answer), outlines: cases.outlines.map(answer))
FileHandle.standardOutput.write(try JSONEncoder().encode(answers))
