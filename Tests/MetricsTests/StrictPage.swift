import Foundation

/// A page of metrics as a strict reader takes it: every deviation from the text format or from
/// Prometheus' rules for names is a problem.
struct StrictPage {
  /// One series with its value.
  struct Series: Hashable {
    let name: String
    let labels: [String: String]
    let value: Double
  }

  private(set) var series: [Series] = []
  private(set) var types: [String: String] = [:]
  private(set) var helps: [String: String] = [:]
  private(set) var problems: [String] = []

  private static let units = ["seconds", "ratio", "bytes"]
  private static let shortened = ["ms", "s", "sec", "min", "pct", "percent", "days", "kb", "mb"]

  init(_ text: String) {
    if !text.utf8.isEmpty, text.utf8.last != UInt8(ascii: "\n") {
      problems.append("no last newline")
    }
    var current = ""
    var ended: Set<String> = []
    var seen: Set<String> = []
    // By bytes: CR LF is one Swift character.
    for line in text.utf8.split(separator: UInt8(ascii: "\n")).map({ String($0) ?? "" }) {
      if line.hasPrefix("# ") {
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, !words[3].isEmpty else {
          problems.append("malformed: \(line)")
          continue
        }
        let name = String(words[2])
        if name != current {
          if !ended.insert(name).inserted { problems.append("\(name) in two places") }
          current = name
        }
        switch words[1] {
        case "HELP" where helps[name] == nil: helps[name] = String(words[3])
        case "TYPE" where types[name] == nil: types[name] = String(words[3])
        case "UNIT" where name.contains("_\(words[3])"): break
        default: problems.append("unexpected: \(line)")
        }
        continue
      }
      guard let one = Self.read(line) else {
        problems.append("malformed: \(line)")
        continue
      }
      let key = "\(one.name)\(one.labels.sorted { $0.key < $1.key })"
      if !seen.insert(key).inserted { problems.append("twice: \(key)") }
      var family = one.name
      if types[current] == "histogram" {
        for suffix in ["_bucket", "_sum", "_count"] where one.name == current + suffix {
          family = current
        }
      }
      if family != current || types[family] == nil || helps[family] == nil {
        problems.append("\(one.name) without HELP and TYPE before it")
      }
      series.append(one)
    }
    for (name, type) in types { problems += Self.rules(name, type) }
  }

  /// The values of a name.
  func values(_ name: String) -> [Series] { series.filter { $0.name == name } }

  /// The only value of a name.
  func value(_ name: String) -> Double? {
    let all = values(name)
    return all.count == 1 ? all[0].value : nil
  }

  private static func rules(_ name: String, _ type: String) -> [String] {
    var problems: [String] = []
    let words = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    if words.first != "payops" { problems.append("\(name): no prefix") }
    if words.contains(where: \.isEmpty) { problems.append("\(name): an empty word") }
    if !name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }) {
      problems.append("\(name): other than a-z, 0-9, _")
    }
    if (type == "counter") != (words.last == "total") { problems.append("\(name): is a \(type)") }
    if ["count", "sum", "bucket"].contains(words.last) {
      problems.append("\(name): ends as a part")
    }
    if type != "histogram", words.contains(type) { problems.append("\(name): names its type") }
    for word in shortened where words.contains(word) { problems.append("\(name): \(word)") }
    if words.last == "seconds", ["age", "lag", "ago"].contains(words.dropLast().last) {
      problems.append("\(name): an age instead of an instant")
    }
    let units = words.filter { Self.units.contains($0) }
    if units.count > 1, name != "payops_database_received_bytes_total" {
      problems.append("\(name): two units")
    }
    if words.contains("timestamp"), words.last != "seconds" { problems.append("\(name): no unit") }
    return problems
  }

  private static func read(_ line: String) -> Series? {
    var rest = Array(line.unicodeScalars)[...]
    let isName: (Unicode.Scalar) -> Bool = {
      $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_")
    }
    func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
      String(String.UnicodeScalarView(scalars))
    }
    let name = rest.prefix(while: isName)
    rest = rest.dropFirst(name.count)
    guard let first = name.first, first.properties.numericType == nil else { return nil }
    var labels: [String: String] = [:]
    if rest.first == "{" {
      repeat {
        rest = rest.dropFirst()
        let label = rest.prefix(while: isName)
        rest = rest.dropFirst(label.count)
        guard !label.isEmpty, !text(label).hasPrefix("__"), rest.starts(with: ["=", "\""]) else {
          return nil
        }
        rest = rest.dropFirst(2)
        var value = String.UnicodeScalarView()
        while let next = rest.first, next != "\"" {
          rest = rest.dropFirst()
          guard next == "\\" else {
            value.append(next)
            continue
          }
          guard let escaped = rest.popFirst() else { return nil }
          switch escaped {
          case "\\", "\"": value.append(escaped)
          case "n": value.append("\n")
          default: return nil
          }
        }
        guard rest.popFirst() == "\"", labels[text(label)] == nil else { return nil }
        labels[text(label)] = String(value)
      } while rest.first == ","
      guard rest.popFirst() == "}" else { return nil }
    }
    guard rest.popFirst() == " " else { return nil }
    let number = text(rest)
    let words = ["NaN": Double.nan, "+Inf": .infinity, "-Inf": -.infinity]
    guard let value = words[number] ?? (number.contains(" ") ? nil : Double(number)) else {
      return nil
    }
    return Series(name: text(name), labels: labels, value: value)
  }
}
