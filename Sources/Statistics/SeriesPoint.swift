/// One point of a series as detectors read it, in the order of time and in equal steps.
package struct SeriesPoint: Sendable, Equatable, Codable {
  /// The value, in the unit of the series; not finite when nothing was observed. For the detectors
  /// of rates: the share of events among ``volume``, from 0 to 1.
  package let value: Double
  /// How many events are behind the value; nil when it has no meaning.
  package let volume: Double?
  /// The place in the week; nil when the caller has no calendar.
  package let slot: SeasonSlot?
  /// Whether the point belongs to a confirmed incident: it is judged, but never learned from.
  package let isExcluded: Bool

  /// Makes a point.
  ///
  /// - Parameters:
  ///   - value: the value
  ///   - volume: how many events are behind it
  ///   - slot: the place in the week
  ///   - isExcluded: whether it belongs to a confirmed incident
  package init(
    _ value: Double, volume: Double? = nil, slot: SeasonSlot? = nil, isExcluded: Bool = false
  ) {
    self.value = value
    self.volume = volume
    self.slot = slot
    self.isExcluded = isExcluded
  }
}
