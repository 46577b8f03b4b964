import Statistics

/// The rates of one metric over a window, and the judgement of each.
struct RateSeries: Sendable {
  /// One observed step of the window.
  struct Point: Sendable, Equatable {
    /// The step, counted from any fixed one.
    let step: Int
    /// The rate, from 0 to 1; nan when there was no payment.
    let rate: Double
    /// The payments behind the rate.
    let volume: Double
  }

  /// The points, in order of time, at most one for each step.
  let points: [Point]
  /// The judgement of each point.
  private(set) var judgements: [SigmaJudgement]
  private let detector: SigmaDetector
  /// Judges where the baseline has no spread.
  private let flatDetector: SigmaDetector

  /// Judges points.
  ///
  /// - Parameters:
  ///   - points: in order of time, at most one for each step
  ///   - parameters: how to judge
  init(_ points: [Point], parameters: MonitorParameters) {
    self.points = points
    let form: SigmaDetector.Form =
      switch parameters.form {
      case .parity: .parity
      case .leaveOneOut: .leaveOneOut(minimumSample: parameters.minimumSample)
      }
    func detector(effect: Double) -> SigmaDetector {
      SigmaDetector(
        form: form, sigmas: parameters.sigmas, direction: .above,
        minimumVolume: Double(parameters.minimumVolume), minimumEffect: effect)
    }
    self.detector = detector(effect: 0)
    flatDetector = detector(effect: parameters.minimumEffect)
    judgements = []
    switch parameters.form {
    case .parity: judgements = self.detector.judgeAll(points.map(\.rate))
    case .leaveOneOut: judgeEachByOthers()
    }
  }

  /// The judgement of a step that was not observed: no verdict, but the limit that it would have.
  var judgementOfMissingStep: SigmaJudgement {
    let values = points.filter { detector.form == .parity || isEligible($0) }.map(\.rate)
    return judge(.nan, RunningMoments(values.filter(\.isFinite)), volume: nil)
  }

  /// The steps, each with whether it exceeds its limit.
  var observations: [ExceedanceRun.Observation] {
    zip(points, judgements).map {
      ExceedanceRun.Observation(minute: $0.step, isExceeding: $1.isAnomalous)
    }
  }

  private func isEligible(_ point: Point) -> Bool {
    point.rate.isFinite && point.volume >= detector.minimumVolume
  }

  private func judge(
    _ rate: Double, _ baseline: RunningMoments, volume: Double?
  ) -> SigmaJudgement {
    (baseline.sumOfSquares > 0 ? detector : flatDetector)
      .judge(rate, against: baseline, volume: volume)
  }
}

extension RateSeries {
  /// Leave-one-out, then the whole incident out: the minutes of an incident are judged against a
  /// baseline without any of them. A neighbour joins the incident when it is anomalous against that
  /// baseline, together with the anomalous minutes on its other side.
  private mutating func judgeEachByOthers() {
    let chosen = points.indices.filter { isEligible(points[$0]) }
    let baselines = Baselines(chosen.map { points[$0].rate })
    var judged = chosen.indices.map { position in
      judgement(at: chosen[position], baselines.without(position...position))
    }
    var next = 0
    while next < chosen.count {
      guard judged[next].isAnomalous else {
        next += 1
        continue
      }
      var run = next...next
      // The end of the stretch: the next neighbour and the anomalous minutes right behind it.
      func reach(_ direction: Int, from end: Int) -> Int? {
        func isNext(_ position: Int) -> Bool {
          chosen.indices.contains(position)
            && points[chosen[position]].step - points[chosen[position - direction]].step
              == direction
        }
        var position = end + direction
        guard isNext(position) else { return nil }
        while isNext(position + direction), judged[position + direction].isAnomalous {
          position += direction
        }
        return position
      }
      func joins(_ neighbour: Int, _ widened: ClosedRange<Int>) -> Bool {
        judged[neighbour].isAnomalous
          || judgement(at: chosen[neighbour], baselines.without(widened)).isAnomalous
      }
      while true {
        let (low, high) = (run.lowerBound, run.upperBound)
        if let end = reach(1, from: high), joins(high + 1, low...end) {
          run = low...end
        } else if let end = reach(-1, from: low), joins(low - 1, end...high) {
          run = end...high
        } else {
          break
        }
      }
      for position in run {
        let alone = judgement(at: chosen[position], baselines.without(run))
        // A baseline that has become too small gives no verdict: the earlier one remains.
        if alone.isAnomalous { judged[position] = alone }
      }
      next = run.upperBound + 1
    }
    let whole = baselines.whole
    judgements = points.map { judge($0.rate, whole, volume: $0.volume) }
    for (position, index) in chosen.enumerated() { judgements[index] = judged[position] }
  }

  private func judgement(at index: Int, _ baseline: RunningMoments) -> SigmaJudgement {
    judge(points[index].rate, baseline, volume: points[index].volume)
  }

  /// The moments of a series without a given stretch; they are merged, never subtracted, which
  /// would lose precision.
  private struct Baselines {
    private var prefixes = [RunningMoments()]
    private var suffixes: [RunningMoments]

    init(_ values: [Double]) {
      suffixes = [RunningMoments](repeating: RunningMoments(), count: values.count + 1)
      for index in values.indices {
        prefixes.append(prefixes[index])
        prefixes[index + 1].add(values[index])
      }
      for index in values.indices.reversed() {
        suffixes[index] = suffixes[index + 1]
        suffixes[index].add(values[index])
      }
    }

    var whole: RunningMoments { suffixes[0] }

    func without(_ stretch: ClosedRange<Int>) -> RunningMoments {
      var moments = prefixes[stretch.lowerBound]
      moments.merge(suffixes[stretch.upperBound + 1])
      return moments
    }
  }
}
