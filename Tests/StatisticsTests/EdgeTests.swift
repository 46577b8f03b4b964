import Statistics
import Testing

@Suite("Values on the edge")
struct EdgeTests {
  /// Quartiles 1 and 3, so that the fences of one range are −1 and 5.
  private func fences() -> TukeyModel {
    var model = TukeyModel(fence: 1, quantile: 0.25, window: 5)
    for value in [0, 1, 2, 3, 4] as [Double] { model.absorb(SeriesPoint(value)) }
    return model
  }

  @Test(
    "a value on Tukey's fence is inside, one beyond it is not",
    arguments: [
      (-1, false), (-1.001, true), (5, false), (5.001, true), (2, false),
    ] as [(Double, Bool)])
  func tukey(value: Double, isOutside: Bool) throws {
    let assessment = try #require(fences().assess(SeriesPoint(value)))
    #expect(assessment.lower == -1 && assessment.upper == 5)
    #expect(assessment.isOutside == isOutside)
  }

  @Test("a departure of zero is on neither side")
  func direction() {
    for direction in DepartureDirection.allCases { #expect(!direction.includes(0)) }
    #expect(DepartureDirection.above.includes(0.001) && !DepartureDirection.above.includes(-0.001))
    #expect(DepartureDirection.below.includes(-0.001) && !DepartureDirection.below.includes(0.001))
    #expect(DepartureDirection.both.includes(-0.001) && DepartureDirection.both.includes(0.001))
  }
}
