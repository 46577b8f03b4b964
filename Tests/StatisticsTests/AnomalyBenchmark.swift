import Foundation

/// The scoring rule of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015), standard profile:
/// weight 1 for an incident found, 0.11 for a false alarm, 1 for an incident missed; one threshold
/// for all files, the best one.
struct AnomalyBenchmark {
  /// A scored file.
  struct File {
    /// n scores, 0 to 1.
    var scores: [Double]
    /// The incidents as ranges of indices, in order.
    var windows: [ClosedRange<Int>]
  }

  /// The first points of a file, which do not count for the score.
  static func probation(_ count: Int) -> Int { min(Int(0.15 * Double(count)), 750) }

  /// The score of a corpus: 100 for finding every incident at once, 0 for never raising an alarm.
  static func score(_ files: [File]) -> (score: Double, threshold: Double) {
    // (score of the point, file, window or −1, contribution)
    var points: [(score: Double, window: Int, worth: Double)] = []
    var windowCount = 0
    let greatest = sigmoid(-1)
    for file in files {
      let start = probation(file.scores.count)
      var next = 0
      for index in file.scores.indices where index >= start {
        while next < file.windows.count, file.windows[next].upperBound < index { next += 1 }
        if next < file.windows.count, file.windows[next].contains(index) {
          let window = file.windows[next]
          let place = -Double(window.upperBound - index + 1) / Double(window.count)
          points.append((file.scores[index], windowCount + next, sigmoid(place) / greatest))
        } else {
          var worth = -1.0
          if next > 0 {
            let last = file.windows[next - 1]
            worth = sigmoid(Double(index - last.upperBound) / Double(last.count - 1))
          }
          points.append((file.scores[index], -1, 0.11 * worth))
        }
      }
      windowCount += file.windows.count
    }
    points.sort { $0.score > $1.score }
    var best = (score: -Double(windowCount), threshold: Double.infinity)
    var found = [Double](repeating: -1, count: windowCount)
    var sum = -Double(windowCount)
    for (index, point) in points.enumerated() {
      if point.window < 0 {
        sum += point.worth
      } else if point.worth > found[point.window] {
        sum += point.worth - found[point.window]
        found[point.window] = point.worth
      }
      // A threshold includes all points of the same score.
      if index + 1 < points.count, points[index + 1].score == point.score { continue }
      if sum > best.score { best = (sum, point.score) }
    }
    let nothing = -Double(windowCount)
    return (100 * (best.score - nothing) / (Double(windowCount) - nothing), best.threshold)
  }

  private static func sigmoid(_ place: Double) -> Double {
    place > 3 ? -1 : 2 / (1 + exp(5 * place)) - 1
  }

  /// The windowed z-score, the baseline of comparisons: the normal tail of each value by mean and
  /// deviation of the window before, which is renewed every 100 points.
  static func windowedGaussian(_ values: [Double]) -> [Double] {
    var mean = 0.0
    var deviation = 1.0
    return values.enumerated().map { index, value in
      if index > 0, index % 100 == 0 || index < 100 {
        let window = values[max(0, index - 6400)..<index]
        mean = window.reduce(0, +) / Double(window.count)
        deviation =
          (window.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(window.count)).squareRoot()
        if deviation == 0 { deviation = 1e-6 }
      }
      return index == 0 ? 0 : erf(abs(value - mean) / deviation / 2.0.squareRoot())
    }
  }
}
