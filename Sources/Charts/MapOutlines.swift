/// The outlines of countries for maps: closed rings of longitude and latitude, in tenths of a degree.
package struct MapOutlines: Sendable {
  /// Rings with their box.
  struct Ring: Sendable {
    let points: [(longitude: Double, latitude: Double)]
  }

  let rings: [Ring]

  /// No outlines: a map is then circles on a plain ground.
  package static let none = MapOutlines(text: "")

  /// Reads the file that `scripts/outlines` writes: a ring a line, `longitude,latitude` in tenths of a
  /// degree, blanks between the points. Lines that begin with `#` and malformed ones are skipped.
  package init(text: String) {
    rings = text.split(separator: "\n").compactMap { line in
      guard !line.hasPrefix("#") else { return nil }
      let points = line.split(separator: " ").compactMap {
        pair -> (longitude: Double, latitude: Double)? in
        let parts = pair.split(separator: ",")
        guard parts.count == 2, let x = Int(parts[0]), let y = Int(parts[1]), abs(x) <= 1800,
          abs(y) <= 900
        else {
          return nil
        }
        return (Double(x) / 10, Double(y) / 10)
      }
      return points.count > 2 ? Ring(points: points) : nil
    }
  }
}
