import Tabular

/// The result of a contest.
struct ContestResult: Sendable, Equatable {
  /// The turns of one round.
  struct Round: Sendable, Equatable {
    let product: Turn
    /// The second turn of the product.
    let control: Turn
    let rival: Turn?

    /// The product's mean of the round.
    var mean: Turn {
      Turn(
        seconds: (product.seconds + control.seconds) / 2,
        cpuSeconds: (product.cpuSeconds + control.cpuSeconds) / 2)
    }
  }

  /// How far the median of the control may be from 1 for a reliable ratio.
  static let steadiness = 0.9...1.1

  let name: String
  let unit: String
  let units: Int
  let product: String
  let rival: String?
  let rounds: [Round]

  /// Wall time of the rival / of the product, by round: above 1 the product is faster.
  var ratio: Spread {
    Spread(
      values: rounds.compactMap { round in round.rival.map { $0.seconds / round.mean.seconds } })
  }
  /// Processor time of the rival / of the product, by round: above 1 the product needs less.
  var cpuRatio: Spread {
    Spread(
      values: rounds.compactMap { round in
        round.rival.map { $0.cpuSeconds / max(1e-9, round.mean.cpuSeconds) }
      })
  }
  /// Wall time of the product / of the product again, by round.
  var control: Spread { Spread(values: rounds.map { $0.control.seconds / $0.product.seconds }) }
  /// Wall time of the product, by round, seconds.
  var seconds: Spread {
    // Each turn but the first and the last is in two rounds.
    Spread(values: rounds.map(\.mean.seconds))
  }
  /// Wall time of the rival's turns, seconds.
  var rivalSeconds: Spread { Spread(values: rounds.compactMap { $0.rival?.seconds }) }
  /// Processor time of a unit of the product's work, microseconds.
  var cpuMicroseconds: Spread {
    Spread(values: rounds.map { $0.mean.cpuMicroseconds(per: units) })
  }
  /// Processor time of a unit of the rival's work, microseconds.
  var rivalCPUMicroseconds: Spread {
    Spread(values: rounds.compactMap { $0.rival?.cpuMicroseconds(per: units) })
  }
  /// Whether there were enough rounds, and the two turns of the product took equally long.
  var isBelievable: Bool {
    rounds.count >= Contest.fewestRounds && Self.steadiness.contains(control.median)
  }

  /// The figures for the report.
  var json: JSON {
    var values: [String: JSON] = [
      "name": .string(name), "unit": .string(unit), "units": .integer(units),
      "rounds": .integer(rounds.count), "product": .string(product), "seconds": seconds.json,
      "cpu_us_per_unit": cpuMicroseconds.json, "control": control.json,
      "believable": .bool(isBelievable),
    ]
    if let rival {
      values["rival"] = .string(rival)
      values["rival_seconds"] = rivalSeconds.json
      values["rival_cpu_us_per_unit"] = rivalCPUMicroseconds.json
      values["ratio"] = ratio.json
      values["cpu_ratio"] = cpuRatio.json
    }
    return .members(values)
  }
}
