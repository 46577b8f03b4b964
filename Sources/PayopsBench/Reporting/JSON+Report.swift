package import Tabular

/// What a report writes: objects with their keys in order, numbers with few digits.
extension JSON {
  /// A number with at most four digits behind the point; null for one that is not finite.
  static func figure(_ number: Double) -> JSON {
    number.isFinite ? .number(Figure.plain(number)) : .null
  }

  /// A number, or null for none.
  static func optional(_ number: Double?) -> JSON { number.map(figure) ?? .null }

  /// An object of some members, by their keys.
  static func members(_ members: [String: JSON]) -> JSON {
    .object(members.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) })
  }
}

extension JSON: ExpressibleByDictionaryLiteral {
  /// An object.
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .members(Dictionary(elements) { _, last in last })
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  /// A text.
  package init(stringLiteral value: String) { self = .string(value) }
}
