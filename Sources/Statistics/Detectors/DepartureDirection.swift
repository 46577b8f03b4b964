/// The side on which a departure is of interest.
package enum DepartureDirection: String, Sendable, Codable, CaseIterable {
  /// Only values above what is expected.
  case above
  /// Only values below what is expected.
  case below
  /// Values on either side.
  case both

  /// Whether a departure is on the side of interest.
  ///
  /// - Parameter departure: value minus expectation; 0 is on no side
  /// - Returns: whether it counts
  package func includes(_ departure: Double) -> Bool {
    switch self {
    case .above: departure > 0
    case .below: departure < 0
    case .both: departure != 0
    }
  }
}
