#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Places on a map: the area of a circle is how many customers it has, and a ring in the colour of
/// CRITICAL says that some are of high risk.
package struct MapChart: Chart {
  package static let kind = "map"

  /// One place.
  package struct Place: Sendable {
    let label: String
    let latitude: Double
    let longitude: Double
    let count: Double
    let highRisk: Double

    package init(
      _ label: String, latitude: Double, longitude: Double, count: Double, highRisk: Double = 0
    ) {
      self.label = label
      self.latitude = latitude
      self.longitude = longitude
      self.count = count.isFinite ? max(count, 0) : 0
      self.highRisk = highRisk.isFinite ? max(highRisk, 0) : 0
    }
  }

  let title: String
  let places: [Place]
  let outlines: MapOutlines
  let unit: String

  /// - Parameters:
  ///   - places: those without coordinates are left out, and the message says how many
  ///   - unit: what is counted, in the plural
  package init(
    _ title: String, _ places: [Place], outlines: MapOutlines, unit: String = "customers"
  ) {
    self.title = title
    self.places = places.prefix(500).sorted { ($1.count, $0.label) < ($0.count, $1.label) }
    self.outlines = outlines
    self.unit = unit
  }

  package var message: String {
    guard let most = drawn.first else { return "\(title): no place with coordinates" }
    let risky = drawn.filter { $0.highRisk > 0 }.count
    let left = places.count - drawn.count
    return
      "\(title): \(drawn.count) places, most \(most.label) with \(Quantity.count.text(most.count)) \(unit)"
      + (risky > 0 ? ", \(risky) with high risk" : ", none with high risk")
      + (left > 0 ? ", \(left) without coordinates" : "")
  }

  package func draw(width: Double) -> ChartMarks {
    guard !drawn.isEmpty else { return nothing(width: width, "no place with coordinates") }
    let height = (width * 0.56).rounded()
    var drawing = Drawing(width: width, height: height)
    let frame = MapFrame(drawn.map { ($0.longitude, $0.latitude) }, width: width, height: height)
    drawing.rect(0, 0, width, height, .surface)
    var land = ""
    for ring in outlines.rings { land += frame.path(ring.points) }
    if !land.isEmpty {
      drawing.raw(
        "<path d=\"\(land)\" class=\"c-land s-c-surface\" fill=\"\(Paint.line.colour)\" stroke=\"\(Paint.surface.colour)\" stroke-width=\"0.75\"/>\n"
      )
    }
    let most = drawn[0].count
    var labels: [(x: Double, y: Double, width: Double)] = []
    // Many places are smaller circles, so that neighbours stay apart.
    let largest = width * 0.035 * min(1, (12 / Double(drawn.count)).squareRoot())
    let spots = drawn.map { place -> (place: Place, x: Double, y: Double, r: Double) in
      let point = frame.point(place.longitude, place.latitude)
      return (
        place, point.x, point.y,
        most > 0 ? max(2, (place.count / most).squareRoot() * largest) : 2
      )
    }
    for spot in spots {
      let words =
        "\(spot.place.label): \(Quantity.count.text(spot.place.count)) \(unit)"
        + (spot.place.highRisk > 0
          ? ", \(Quantity.count.text(spot.place.highRisk)) of high risk" : "")
      drawing.circle(
        spot.x, spot.y, spot.r, fill: .data,
        stroke: spot.place.highRisk > 0 ? .tone(.critical) : nil,
        lineWidth: drawn.count > 12 ? 1.25 : 2,
        opacity: 0.5, title: words)
    }
    for spot in spots.prefix(12) {
      let room = TextWidth.of(spot.place.label, size: 11)
      let isLeft = spot.x + spot.r + room + 4 > width
      let x = isLeft ? spot.x - spot.r - 4 - room : spot.x + spot.r + 4
      let isFree = !labels.contains {
        abs($0.y - spot.y) < 12 && $0.x < x + room && x < $0.x + $0.width
      }
      guard isFree, x >= 0 else { continue }
      labels.append((x, spot.y, room))
      drawing.text(
        spot.place.label, isLeft ? spot.x - spot.r - 4 : x, spot.y + 4, size: 11,
        anchor: isLeft ? .end : .start)
    }
    return ChartMarks(drawing)
  }

  private var drawn: [Place] {
    places.filter {
      abs($0.latitude) <= 90 && abs($0.longitude) <= 180 && !($0.latitude == 0 && $0.longitude == 0)
    }
  }
}

/// The part of the world that a map shows: all places with room around, degrees of longitude
/// shortened as in the middle of it.
struct MapFrame {
  private let scale: Double
  private let squeeze: Double
  private let middle: (longitude: Double, latitude: Double)
  private let width: Double
  private let height: Double

  init(_ points: [(longitude: Double, latitude: Double)], width: Double, height: Double) {
    let (west, east) = (points.map(\.longitude).min() ?? -180, points.map(\.longitude).max() ?? 180)
    let (south, north) = (points.map(\.latitude).min() ?? -60, points.map(\.latitude).max() ?? 75)
    middle = ((west + east) / 2, (south + north) / 2)
    squeeze = max(cos(middle.latitude * .pi / 180), 0.2)
    let across = max((east - west) * 1.25, 8) * squeeze
    let up = max((north - south) * 1.35, 5)
    scale = min(width / across, height / up)
    (self.width, self.height) = (width, height)
  }

  func point(_ longitude: Double, _ latitude: Double) -> (x: Double, y: Double) {
    (
      width / 2 + (longitude - middle.longitude) * squeeze * scale,
      height / 2 - (latitude - middle.latitude) * scale
    )
  }

  /// A ring cut to the frame, empty when it lies outside.
  func path(_ ring: [(longitude: Double, latitude: Double)]) -> String {
    let cut = clipped(ring.map { point($0.longitude, $0.latitude) })
    guard cut.count > 2 else { return "" }
    var text = ""
    var last = (x: -1, y: -1)
    for point in cut {
      // Half a unit is finer than an eye, and a third of the bytes.
      let place = (x: Int((point.x * 2).rounded()), y: Int((point.y * 2).rounded()))
      if place == last { continue }
      text +=
        (text.isEmpty ? "M" : "L")
        + "\(XMLText.number(Double(place.x) / 2)) \(XMLText.number(Double(place.y) / 2))"
      last = place
    }
    return text + "Z"
  }

  /// Sutherland and Hodgman's clipping at the four edges.
  private func clipped(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    var result = points
    for edge in 0..<4 {
      let isX = edge < 2
      let limit = edge == 1 ? width : edge == 3 ? height : 0
      func distance(_ p: (x: Double, y: Double)) -> Double {
        let value = isX ? p.x : p.y
        return edge % 2 == 0 ? value - limit : limit - value
      }
      let input = result
      result = []
      for (index, point) in input.enumerated() {
        let before = input[(index + input.count - 1) % input.count]
        let (a, b) = (distance(before), distance(point))
        if (a >= 0) != (b >= 0) {
          let share = a / (a - b)
          result.append(
            (before.x + (point.x - before.x) * share, before.y + (point.y - before.y) * share))
        }
        if b >= 0 { result.append(point) }
      }
    }
    return result
  }
}
