/// The detectors by the names that a catalogue uses.
package enum DetectorKind: String, Sendable, CaseIterable {
  /// Mean and deviations with the candidate in its own sample, for comparison with simple monitors.
  case meanSigmaParity = "mean_sigma_parity"
  /// Mean and deviations of the points before; see ``MeanModel``.
  case meanSigma = "mean_sigma"
  /// Median and MAD; see ``RobustModel``.
  case robustZ = "robust_z"
  /// Quantiles; see ``TukeyModel``.
  case tukeyFences = "tukey_fences"
  /// Exponentially weighted mean and deviation; see ``EWMAModel``.
  case ewma
  /// Control chart for small lasting shifts; see ``EWMAChartModel``.
  case ewmaChart = "ewma_chart"
  /// Cumulative sums for slow drifts; see ``CUSUMModel``.
  case cusum
  /// Hours of the week; see ``SeasonalModel``.
  case seasonal
  /// Trend and one season; see ``HoltWintersModel``.
  case holtWinters = "holt_winters"
  /// Forecast from the points just before; see ``AutoregressiveModel``.
  case autoregressive
  /// Exact bounds of a rate; see ``RateModel``.
  case binomialRate = "binomial_rate"
  /// Exact bounds of a rate that varies beyond chance; see ``RateModel``.
  case betaBinomialRate = "beta_binomial_rate"
  /// Nothing arrives; see ``IdleRunModel``.
  case lackOfData = "lack_of_data"
  /// Nothing moves; see ``IdleRunModel``.
  case lackOfProgress = "lack_of_progress"
  /// Agreed limits instead of learned ones; see ``LimitModel``.
  case fixedLimits = "fixed_limits"

  /// The parameters of the detector itself, without those of ``commonParameters``.
  package var ownParameters: [DetectorParameter] {
    let sigmas = DetectorParameter.real(
      "sigmas", 3, in: 0.1...100, "half width of the bounds, standard deviations")
    let window = DetectorParameter.whole(
      "window", 288, in: 3...100_000, "points to look back")
    let baseline = DetectorParameter.whole(
      "baseline", 100, in: 2...1_000_000, "first points that mean and deviation are learned from")
    let tail = DetectorParameter.real(
      "tail", 0.00135, in: 1e-12...0.49, "probability on each side below which a count is outside")
    let fading = DetectorParameter.real(
      "weight", 0.001, in: 0...0.5, "weight of a new point; 0 keeps all for ever")
    let limit = DetectorParameter.real(
      "limit", 1e-4, in: 1e-300...0.5, "probability below which a run of idle steps is outside")
    let run = DetectorParameter.whole(
      "minimum_run", 3, in: 1...1_000_000, "least run of idle steps that can be outside")
    return switch self {
    case .meanSigmaParity, .meanSigma:
      [sigmas, .whole("window", 0, in: 0...100_000, "points to look back; 0 for all")]
    case .robustZ: [.real("threshold", 3.5, in: 0.1...100, "modified z-score"), window]
    case .tukeyFences:
      [
        .real("fence", 3, in: 0...100, "length of the fences, ranges between the quantiles"),
        .real("quantile", 0.25, in: 0.001...0.499, "share of the lower quantile"), window,
      ]
    case .ewma: [.real("weight", 0.05, in: 1e-6...0.99, "weight of a new point"), sigmas]
    case .ewmaChart:
      [
        .real("weight", 0.1, in: 1e-6...1, "weight of a new point"),
        .real("width", 2.814, in: 0.1...100, "half width, standard deviations of the average"),
        baseline,
      ]
    case .cusum:
      [
        .real("allowance", 0.5, in: 0...100, "half of the shift that matters, standard deviations"),
        .real("limit", 5, in: 0.1...1000, "decision interval, standard deviations"), baseline,
      ]
    case .seasonal:
      [
        sigmas, .real("shrinkage", 2, in: 0...1000, "points that the level above is worth"),
        .real("weight", 0.1, in: 1e-6...1, "weight of a new point in its slot"),
        .real(
          "shift", 0, in: -0.99...100, "relative change of the level to look for; 0 for none"),
        .real(
          "level_weight", 0, in: 0...0.5, "weight of a point in the level of the present; 0: none"),
      ]
    case .holtWinters:
      [
        .whole("period", 24, in: 1...100_000, "points of a period"),
        .real("alpha", 0.1, in: 0...1, "smoothing of the level"),
        .real("beta", 0.01, in: 0...1, "smoothing of the trend"),
        .real("gamma", 0.2, in: 0...1, "smoothing of the season"), sigmas,
      ]
    case .autoregressive:
      [
        .whole("order", 3, in: 1...100, "points that a forecast looks back"),
        .real("weight", 0.005, in: 1e-6...0.5, "weight of a new point"), sigmas,
      ]
    case .binomialRate, .betaBinomialRate:
      [
        tail, fading,
        .real("shift", 0, in: -0.99...0.99, "change of the rate to look for; 0 for none"),
      ]
    case .lackOfData, .lackOfProgress: [limit, run]
    case .fixedLimits:
      [
        .real(
          "lower", -1e300, in: -1e300...1e300, "least value that is normal, unit of the series"),
        .real("upper", 1e300, in: -1e300...1e300, "greatest value that is normal"),
      ]
    }
  }

  /// The parameters that every detector has.
  package static let commonParameters: [DetectorParameter] = [
    .whole("minimum_sample", 30, in: 2...1_000_000, "least points in a baseline"),
    .real("minimum_effect", 0, in: 0...1e300, "least departure that matters, unit of the series"),
    .real("minimum_volume", 0, in: 0...1e300, "least events behind a point that is judged"),
    .whole(
      "accept_after", 30, in: 1...100_000, "points outside after which a new level is accepted"),
  ]

  /// All parameters, own ones first.
  package var parameters: [DetectorParameter] { ownParameters + Self.commonParameters }
}
