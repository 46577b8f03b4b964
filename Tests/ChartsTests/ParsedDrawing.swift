import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a parser finds in a drawing: whether it is XML, its names and attributes, and how far its marks
/// reach.
final class ParsedDrawing: NSObject, XMLParserDelegate {
  private(set) var names: [String] = []
  private(set) var attributes: [(element: String, name: String, value: String)] = []
  private(set) var text = ""
  private(set) var rects: [(y: Double, height: Double)] = []
  private(set) var x: [Double] = []
  private(set) var y: [Double] = []
  private(set) var viewBox: [Double] = []
  private(set) var isWellFormed = false

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?,
    attributes found: [String: String]
  ) {
    names.append(name)
    for (key, value) in found { attributes.append((name, key, value)) }
    func number(_ key: String) -> Double { found[key].flatMap(Double.init) ?? .nan }
    switch name {
    case "svg": viewBox = (found["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) }
    case "rect":
      rects.append((number("y"), number("height")))
      x += [number("x"), number("x") + number("width")]
      y += [number("y"), number("y") + number("height")]
    case "line":
      x += [number("x1"), number("x2")]
      y += [number("y1"), number("y2")]
    case "circle":
      x += [number("cx") - number("r"), number("cx") + number("r")]
      y += [number("cy") - number("r"), number("cy") + number("r")]
    case "text":
      x.append(number("x"))
      y.append(number("y"))
    case "path":
      let parts = (found["d"] ?? "").replacing(/[MLCZ]/, with: " ").split(separator: " ").map {
        Double($0) ?? .nan
      }
      for (index, part) in parts.enumerated() {
        if index % 2 == 0 { x.append(part) } else { y.append(part) }
      }
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  /// What is wrong with it; empty for a sound one.
  var faults: [String] {
    var faults: [String] = []
    if !isWellFormed { faults.append("is not well-formed") }
    if viewBox.count != 4 { return faults + ["has no view box"] }
    let allowed: Set = ["svg", "g", "title", "desc", "rect", "line", "circle", "path", "text"]
    for name in Set(names).subtracting(allowed) { faults.append("has an element \(name)") }
    for one in attributes
    where one.name == "style" || one.name.hasPrefix("on") || one.name.contains("href") {
      faults.append("has an attribute \(one.name)")
    }
    for one in attributes
    where one.value.lowercased().contains("nan") && one.name != "aria-label" && one.name != "class"
    {
      faults.append("has \(one.name)=\(one.value)")
    }
    if x.contains(where: { !($0 >= -0.011 && $0 <= viewBox[2] + 0.011) }) {
      faults.append("has marks beside the view box")
    }
    if y.contains(where: { !($0 >= -0.011 && $0 <= viewBox[3] + 0.011) }) {
      faults.append("has marks above or below the view box")
    }
    if !attributes.contains(where: { $0.element == "svg" && $0.name == "role" && $0.value == "img" }
    ) {
      faults.append("is no image to a screen reader")
    }
    if !attributes.contains(where: { $0.name == "aria-label" && !$0.value.isEmpty }) {
      faults.append("says nothing")
    }
    return faults
  }
}
