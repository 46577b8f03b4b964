/// The conditions that every detector sets before it gives a verdict, and how it accepts a new
/// level.
package struct DetectorGuards: Sendable, Equatable, Codable {
  /// The least number of points in a baseline, 2 or more.
  package let minimumSample: Int
  /// The least distance from the expectation, in the unit of the series, that matters. Where the
  /// baseline has no spread this alone decides.
  package let minimumEffect: Double
  /// The least volume (events behind a point) that allows a verdict; smaller points are not learned
  /// from either.
  package let minimumVolume: Double
  /// The side that is of interest.
  package let direction: DepartureDirection
  /// After how many points outside the bounds, less those inside since, a new level is accepted, 1
  /// or more: the baseline is then learned anew from these points.
  package let acceptAfter: Int

  /// Makes guards.
  ///
  /// - Parameters:
  ///   - minimumSample: least number of points in a baseline; below 2 counts as 2
  ///   - minimumEffect: least distance that matters, in the unit of the series
  ///   - minimumVolume: least volume behind a point
  ///   - direction: the side of interest
  ///   - acceptAfter: points outside the bounds after which a new level is accepted; below 1 counts
  ///     as 1
  package init(
    minimumSample: Int = 30, minimumEffect: Double = 0, minimumVolume: Double = 0,
    direction: DepartureDirection = .both, acceptAfter: Int = 30
  ) {
    self.minimumSample = max(2, minimumSample)
    self.minimumEffect = minimumEffect
    self.minimumVolume = minimumVolume
    self.direction = direction
    self.acceptAfter = max(1, acceptAfter)
  }
}
