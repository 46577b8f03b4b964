/// A value bound to a `?` placeholder.
package enum SQLValue: Sendable, Equatable {
  /// SQL NULL.
  case null
  /// A character string.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// A binary floating-point number; must be finite.
  case double(Double)
  /// A binary string.
  case bytes([UInt8])
}

extension SQLValue {
  /// The value as a literal of a statement that people read and repeat.
  package var literal: String {
    switch self {
    case .null: "NULL"
    case .integer(let number): "\(number)"
    case .double(let number): "\(number)"
    case .text(let text):
      "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
    case .bytes(let bytes):
      "x'" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "'"
    }
  }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  /// A character string.
  package init(stringLiteral value: String) { self = .text(value) }
}

extension SQLValue: ExpressibleByIntegerLiteral {
  /// A whole number.
  package init(integerLiteral value: Int64) { self = .integer(value) }
}

extension SQLValue: ExpressibleByFloatLiteral {
  /// A binary floating-point number.
  package init(floatLiteral value: Double) { self = .double(value) }
}

extension SQLValue: ExpressibleByNilLiteral {
  /// SQL NULL.
  package init(nilLiteral: ()) { self = .null }
}

extension SQLValue {
  /// A character string, or NULL for nil.
  package static func optional(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }

  /// A whole number, or NULL for nil.
  package static func optional(_ number: Int64?) -> SQLValue {
    number.map(SQLValue.integer) ?? .null
  }

  /// A binary floating-point number, or NULL for nil.
  package static func optional(_ number: Double?) -> SQLValue {
    number.map(SQLValue.double) ?? .null
  }

  /// A whole number.
  package static func integer(_ number: Int) -> SQLValue { .integer(Int64(number)) }
}
