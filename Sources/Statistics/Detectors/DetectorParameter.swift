/// A parameter of a detector as a catalogue may name it.
package struct DetectorParameter: Sendable, Equatable {
  /// The name.
  package let name: String
  /// The value when none is named.
  package let standard: Double
  /// The values allowed.
  package let range: ClosedRange<Double>
  /// Whether only whole numbers are allowed.
  package let isWhole: Bool
  /// What it is, with its unit.
  package let meaning: String

  /// Describes a parameter that may have decimals.
  static func real(
    _ name: String, _ standard: Double, in range: ClosedRange<Double>, _ meaning: String
  ) -> DetectorParameter {
    DetectorParameter(
      name: name, standard: standard, range: range, isWhole: false, meaning: meaning)
  }

  /// Describes a parameter that is a whole number.
  static func whole(
    _ name: String, _ standard: Int, in range: ClosedRange<Int>, _ meaning: String
  ) -> DetectorParameter {
    DetectorParameter(
      name: name, standard: Double(standard),
      range: Double(range.lowerBound)...Double(range.upperBound), isWhole: true, meaning: meaning)
  }
}
