/// How one column of a file becomes a column of the target.
package struct ColumnMapping: Sendable, Equatable, Codable {
  /// How the text is read.
  package enum Kind: String, Sendable, Codable {
    /// As the type of the target column: text, number or time.
    case auto
    /// Text.
    case text
    /// A whole number.
    case integer
    /// A number with decimals.
    case decimal
    /// A date with time of day.
    case timestamp
    /// A date; midnight in the time zone.
    case date
    /// true/false, yes/no, t/f, y/n, 1/0.
    case boolean
    /// Seconds or milliseconds since 1970-01-01 UTC.
    case epoch
    /// Steps of equal length since an origin.
    case step
  }

  /// What happens to a text that `values` does not list.
  package enum Otherwise: String, Sendable, Codable {
    /// The record is quarantined.
    case refuse
    /// The text stays as it is.
    case keep
  }

  /// Column of the file.
  package var from: String
  /// Column of the target.
  package var to: String
  /// How the text is read; `auto` when absent.
  package var type: Kind?
  /// Forms of times, tried in order: `yyyy MM dd HH mm ss`, `f` (fraction), `XXX` (offset).
  package var formats: [String]?
  /// Time zone of this column; that of the file when absent.
  package var timeZone: String?
  /// `seconds` or `milliseconds` of an epoch; seconds when absent.
  package var unit: String?
  /// The time of step 0, ISO 8601 in UTC.
  package var origin: String?
  /// The length of a step, seconds.
  package var stepSeconds: Int?
  /// Texts and what replaces them.
  package var values: [String: String]?
  /// What happens to texts that `values` does not list; `refuse` when absent.
  package var otherwise: Otherwise?
  /// Prefixes that are removed before the value is read, such as a currency sign.
  package var strip: [String]?
  /// Decimals to round to, half away from zero; more than 4 are refused when absent.
  package var round: Int?
  /// First of the hundred years that two digits stand for, such as 1970.
  package var twoDigitYearsFrom: Int?
  /// Prefix to add.
  package var prefix: String?
  /// Value for records without one, in the form of the target.
  package var `default`: String?
  /// Whether the file may lack the column.
  package var isOptional: Bool?

  private enum CodingKeys: String, CodingKey {
    case from, to, type, formats, timeZone, unit, origin, stepSeconds, values, otherwise, prefix
    case strip, round, twoDigitYearsFrom
    case `default`
    case isOptional = "optional"
  }
}
