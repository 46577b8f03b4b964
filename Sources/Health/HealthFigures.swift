import Foundation
import Tabular

extension HealthSummary.Headline {
  /// The change against the same weekday last week: of rates in percentage points, because percent
  /// of a percentage misleads; of all others in percent.
  var change: (text: String, isLarge: Bool)? {
    if unit == "ratio" {
      return changePoints.map { (String(format: "%+.2f points", $0), abs($0) >= 2) }
    }
    return changePct.map { (String(format: "%+.1f %%", $0), abs($0) >= 20) }
  }
}

extension Double {
  /// The number with a comma between thousands.
  func grouped(_ decimals: Int) -> String {
    Measure.grouped(String(format: "%.\(decimals)f", self), decimals: decimals) ?? "\(self)"
  }

  /// A count in at most five characters: 812, 12.3k, 4.56M.
  var short: String {
    for (size, unit) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(self) >= size {
      let value = self / size
      return String(format: "%.\(value < 10 ? 2 : value < 100 ? 1 : 0)f", value) + unit
    }
    return grouped(0)
  }

  /// A share of 1 in percent.
  var percent: String { String(format: "%.2f %%", self * 100) }
}

extension String {
  /// The columns of a terminal that the text takes, without its colours.
  var visibleWidth: Int { replacing(/\u{1B}\[[0-9;]*m/, with: "").displayWidth }

  /// The text in indented lines, broken at blanks, or inside a word that is longer than a line.
  func broken(indent: Int, width: Int) -> [String] {
    let room = max(1, width - indent)
    let words = split(separator: " ").flatMap { word -> [String] in
      var pieces = [""]
      for character in word {
        if (pieces[pieces.count - 1] + String(character)).displayWidth > room { pieces.append("") }
        pieces[pieces.count - 1].append(character)
      }
      return pieces
    }
    return
      (String(repeating: " ", count: indent)
      + words.joined(separator: " ").filled(indent: indent, width: width))
      .split(separator: "\n").map(String.init)
  }
}
