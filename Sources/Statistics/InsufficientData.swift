/// Why no verdict can be given.
package enum InsufficientData: Sendable, Equatable, CustomStringConvertible {
  /// The candidate has no value, such as the rate of a minute without payments.
  case missingValue
  /// The baseline has too few values.
  case smallSample(have: Int, need: Int)
  /// Too few events are behind the candidate.
  case smallVolume(have: Double, need: Double)

  /// The reason in plain words.
  package var description: String {
    switch self {
    case .missingValue: "the candidate has no value"
    case .smallSample(let have, let need):
      "the baseline has \(have) values and needs \(need)"
    case .smallVolume(let have, let need):
      "the candidate stands for \(have) events and needs \(need)"
    }
  }
}
