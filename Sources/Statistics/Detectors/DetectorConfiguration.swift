package import Foundation

/// A detector by name with named parameters, as the metric catalogue stores it.
package struct DetectorConfiguration: Sendable, Equatable {
  /// Which detector.
  package let kind: DetectorKind
  /// The side that is of interest.
  package let direction: DepartureDirection
  /// The value of each parameter, including defaults.
  package let parameters: [String: Double]

  /// Checks a name and parameters.
  ///
  /// - Parameters:
  ///   - name: the detector, such as `robust_z`; see ``DetectorKind``
  ///   - parameters: values by name; those that are missing have their default
  ///   - direction: the side that is of interest
  /// - Throws: ``DetectorConfigurationError``
  package init(
    _ name: String, parameters: [String: Double] = [:], direction: DepartureDirection = .both
  ) throws(DetectorConfigurationError) {
    guard let kind = DetectorKind(rawValue: name) else {
      throw DetectorConfigurationError(
        .unknownDetector, "there is no detector \(name)",
        hint: "use one of " + DetectorKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    var values: [String: Double] = [:]
    for parameter in kind.parameters { values[parameter.name] = parameter.standard }
    for (key, value) in parameters.sorted(by: { $0.key < $1.key }) {
      guard let parameter = kind.parameters.first(where: { $0.name == key }) else {
        throw DetectorConfigurationError(
          .unknownParameter, "detector \(name) has no parameter \(key)",
          hint: "it has " + kind.parameters.map(\.name).joined(separator: ", "))
      }
      guard parameter.range.contains(value), !parameter.isWhole || value == value.rounded() else {
        let range = "from \(parameter.range.lowerBound) to \(parameter.range.upperBound)"
        throw DetectorConfigurationError(
          .badValue, "parameter \(key) of detector \(name) cannot be \(value)",
          hint: "use a \(parameter.isWhole ? "whole number" : "number") \(range)")
      }
      values[key] = value
    }
    self.kind = kind
    self.direction = direction
    self.parameters = values
  }

  /// Checks a name and parameters in JSON.
  ///
  /// - Parameters:
  ///   - name: the detector
  ///   - json: an object of numbers by name; `direction` may be `above`, `below` or `both`
  /// - Throws: ``DetectorConfigurationError``
  package init(_ name: String, json: String) throws(DetectorConfigurationError) {
    let object = try? JSONDecoder().decode([String: ParameterText].self, from: Data(json.utf8))
    guard var object else {
      throw DetectorConfigurationError(
        .badText, "the parameters of detector \(name) are not an object of numbers",
        hint: #"write them as {"sigmas": 4, "direction": "above"}"#)
    }
    var direction = DepartureDirection.both
    if let given = object.removeValue(forKey: "direction") {
      guard case .word(let word) = given, let side = DepartureDirection(rawValue: word) else {
        throw DetectorConfigurationError(
          .badValue, "parameter direction of detector \(name) is not a direction",
          hint: "use above, below or both")
      }
      direction = side
    }
    var numbers: [String: Double] = [:]
    for (key, value) in object {
      guard case .number(let number) = value else {
        throw DetectorConfigurationError(
          .badValue, "parameter \(key) of detector \(name) is not a number", hint: "write a number")
      }
      numbers[key] = number
    }
    try self.init(name, parameters: numbers, direction: direction)
  }

  private enum ParameterText: Decodable {
    case number(Double)
    case word(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .word(try container.decode(String.self))
      }
    }
  }

  /// Makes the detector, untrained.
  package func makeDetector() -> any StreamingDetector {
    func real(_ name: String) -> Double { parameters[name] ?? .nan }
    func whole(_ name: String) -> Int { Int(parameters[name] ?? 0) }
    func guarded(_ model: some BaselineModel) -> any StreamingDetector {
      GuardedDetector(
        model,
        guards: DetectorGuards(
          minimumSample: whole("minimum_sample"), minimumEffect: real("minimum_effect"),
          minimumVolume: real("minimum_volume"), direction: direction,
          acceptAfter: whole("accept_after")))
    }
    return switch kind {
    case .meanSigmaParity:
      guarded(MeanModel(sigmas: real("sigmas"), window: whole("window"), includesCandidate: true))
    case .meanSigma: guarded(MeanModel(sigmas: real("sigmas"), window: whole("window")))
    case .robustZ: guarded(RobustModel(threshold: real("threshold"), window: whole("window")))
    case .tukeyFences:
      guarded(
        TukeyModel(fence: real("fence"), quantile: real("quantile"), window: whole("window")))
    case .ewma: guarded(EWMAModel(weight: real("weight"), sigmas: real("sigmas")))
    case .ewmaChart:
      guarded(
        EWMAChartModel(
          weight: real("weight"), width: real("width"), phase: PhaseOne(length: whole("baseline"))))
    case .cusum:
      guarded(
        CUSUMModel(
          allowance: real("allowance"), limit: real("limit"),
          phase: PhaseOne(length: whole("baseline"))))
    case .seasonal:
      guarded(
        SeasonalModel(
          sigmas: real("sigmas"), shrinkage: real("shrinkage"), weight: real("weight"),
          shift: real("shift"), levelWeight: real("level_weight")))
    case .holtWinters:
      guarded(
        HoltWintersModel(
          period: whole("period"),
          smoothing: HoltWintersModel.Smoothing(
            level: real("alpha"), trend: real("beta"), season: real("gamma")),
          sigmas: real("sigmas")))
    case .autoregressive:
      guarded(
        AutoregressiveModel(
          order: whole("order"), weight: real("weight"), sigmas: real("sigmas")))
    case .binomialRate:
      guarded(
        RateModel(
          tail: real("tail"), weight: real("weight"), isOverdispersed: false, shift: real("shift")))
    case .betaBinomialRate:
      guarded(RateModel(tail: real("tail"), weight: real("weight"), shift: real("shift")))
    case .lackOfData:
      guarded(IdleRunModel(.noData, limit: real("limit"), minimumRun: whole("minimum_run")))
    case .fixedLimits: guarded(LimitModel(lower: real("lower"), upper: real("upper")))
    case .lackOfProgress:
      guarded(IdleRunModel(.noProgress, limit: real("limit"), minimumRun: whole("minimum_run")))
    }
  }

  /// The p-value below which a point is outside; nil for detectors that judge by something else.
  package var tailLevel: Double? {
    let side =
      parameters["tail"] ?? parameters["sigmas"].map(NormalDistribution.upperTail(_:))
    return side.map { direction == .both ? 2 * $0 : $0 }
  }

  /// Encodes the state of a detector.
  ///
  /// - Parameter detector: a detector that this configuration made
  /// - Returns: JSON
  /// - Throws: the encoder's error
  package func encode(_ detector: any StreamingDetector) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try encoder.encode(detector)
  }

  /// Restores a detector, which then continues where its state was encoded.
  ///
  /// - Parameter state: what ``encode(_:)`` gave for a detector of the same configuration
  /// - Returns: the detector
  /// - Throws: ``DetectorConfigurationError`` when the state is another detector's, or was made
  ///   with other parameters
  package func restoreDetector(from state: Data) throws(DetectorConfigurationError)
    -> any StreamingDetector
  {
    let fresh = makeDetector()
    guard let detector = Self.decode(like: fresh, from: state), detector.isConfigured(as: fresh)
    else {
      throw DetectorConfigurationError(
        .badState, "the state is not that of a detector \(kind.rawValue) with these parameters",
        hint: "start a new one and let it read the history")
    }
    return detector
  }

  private static func decode<Detector: StreamingDetector>(
    like fresh: Detector, from state: Data
  ) -> (any StreamingDetector)? {
    try? JSONDecoder().decode(Detector.self, from: state)
  }
}
