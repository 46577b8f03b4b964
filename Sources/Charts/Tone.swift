/// What a mark means. Colour carries meaning only, so everything normal has the colour of nothing in
/// particular, and every other tone also has a word and a shape.
package enum Tone: String, Sendable, CaseIterable, Comparable {
  case normal
  case good
  case unknown
  case info
  case warning
  case critical
  case severe

  /// A tone from a severity, verdict or state word in any case; `normal` for nil and for words that
  /// are none.
  package init(word: String?) {
    self = word.flatMap { Tone(rawValue: $0.lowercased()) } ?? .normal
  }

  /// The word beside the shape, in capitals as severities are written.
  package var word: String { rawValue.uppercased() }

  /// Whether a reader must see it.
  package var isNotable: Bool { self > .unknown }

  package static func < (left: Tone, right: Tone) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
