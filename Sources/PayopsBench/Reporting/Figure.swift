import Foundation

/// Numbers as the tables print them.
enum Figure {
  /// With at most four decimals, for JSON.
  static func plain(_ value: Double) -> String { fixed(value, 4) }

  /// With a number of decimals.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }

  /// Up to three significant digits: `0.31`, `4.9`, `62`, `1250`.
  static func short(_ value: Double) -> String {
    let size = abs(value)
    return fixed(value, size < 1 ? 2 : size < 100 ? 1 : 0)
  }

  /// A count with its thousands separated: `1 000 000`.
  static func count(_ value: Int) -> String {
    var text = ""
    for (position, digit) in String(abs(value)).reversed().enumerated() {
      if position > 0, position % 3 == 0 { text.append(" ") }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + String(text.reversed())
  }

  /// A size of a history: `1M`, `20k`.
  static func size(_ value: Int) -> String {
    if value % 1_000_000 == 0 { return "\(value / 1_000_000)M" }
    return value % 1000 == 0 ? "\(value / 1000)k" : "\(value)"
  }
}

extension Duration {
  /// The duration in seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }

  /// The duration in milliseconds.
  var inMilliseconds: Double { inSeconds * 1000 }
}
