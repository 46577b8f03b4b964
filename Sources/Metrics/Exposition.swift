/// Families as the text that Prometheus scrapes (text format 0.0.4).
///
/// A scraper refuses a whole page for one repeated series. So families of one name are joined, and
/// of series that are equal in name and labels the first one counts.
package enum Exposition {
  /// The type of the text, for an HTTP header.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// The text of families, by name.
  package static func text(of families: [MetricFamily]) -> String {
    var joined: [String: MetricFamily] = [:]
    for family in families {
      joined[family.name, default: family.emptied].samples += family.samples
    }
    var text = ""
    for family in joined.values.sorted(by: { $0.name < $1.name }) where !family.samples.isEmpty {
      text += "# HELP \(family.name) \(escaped(family.help))\n"
      text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
      if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
      var seen: Set<String> = []
      for sample in family.samples {
        let series = family.name + sample.suffix + labels(sample.labels)
        if seen.insert(series).inserted { text += "\(series) \(self.text(of: sample.value))\n" }
      }
    }
    return text
  }

  /// A value: whole numbers without a fraction, and the words for what is none.
  package static func text(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return "\(value)"
  }

  private static func labels(_ labels: [MetricFamily.Label]) -> String {
    guard !labels.isEmpty else { return "" }
    let pairs = labels.map {
      "\($0.name)=\"\(escaped($0.value).replacing("\"", with: "\\\""))\""
    }
    return "{" + pairs.joined(separator: ",") + "}"
  }

  /// Backslashes and ends of lines escaped; a carriage return would end a line for some readers.
  private static func escaped(_ text: String) -> String {
    // By scalars: CR LF is one character, which a search for LF does not find.
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r", "\0": result.append(" ")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

extension MetricFamily {
  fileprivate var emptied: MetricFamily {
    var family = self
    family.samples = []
    return family
  }
}
