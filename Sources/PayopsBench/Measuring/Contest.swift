/// Product and rival in turns, so that a slow minute of the machine meets both alike.
///
/// A round is product, rival, product; the last turn of a round is the first of the next. The rival is
/// compared with the mean of the two turns of the product around it, which takes out a drift of the
/// machine that is the same over the round. The two turns of the product are the control: they do the
/// same, so their ratio must come out as 1; every second round is read backwards.
struct Contest: Sendable {
  /// One of those that take turns.
  struct Side: Sendable {
    /// What it is, in tables.
    let name: String
    /// Does the work of a round and measures it; what is not to be measured stays outside.
    let turn: @Sendable (_ round: Int) async throws -> Turn
  }

  /// The fewest rounds from which a ratio is believed.
  static let fewestRounds = 5
  /// Payments in a turn from which on its ratio has a target. What is the same for every size, such as
  /// 570 definitions, outweighs the rows of smaller turns: these tell versions apart.
  static let targetSize = 1_000_000

  /// What is measured.
  let name: String
  /// The unit of work, in the plural: rows, changes.
  let unit: String
  /// Units of work in a turn.
  let units: Int
  /// How many rounds.
  let rounds: Int
  /// What is offered to users.
  let product: Side
  /// What they would use instead; nil when only the control is run.
  let rival: Side?

  /// Runs all rounds.
  ///
  /// - Parameter progress: is told after each turn.
  func run(progress: @Sendable (String) -> Void = Console.progress) async throws -> ContestResult {
    var rounds: [ContestResult.Round] = []
    func take(_ side: Side, _ round: Int) async throws -> Turn {
      try Task.checkCancellation()
      let turn = try await side.turn(round)
      progress(
        "\(name), round \(round + 1) of \(self.rounds): \(side.name)"
          + " \(Figure.short(turn.seconds * 1000)) ms, CPU"
          + " \(Figure.short(turn.cpuMicroseconds(per: units))) us/\(unit)")
      return turn
    }
    var first = try await take(product, 0)
    for round in 0..<self.rounds {
      let isForward = round.isMultiple(of: 2)
      let other: Turn? = if let rival { try await take(rival, round) } else { nil }
      let second = try await take(product, round)
      defer { first = second }
      rounds.append(
        ContestResult.Round(
          product: isForward ? first : second, control: isForward ? second : first, rival: other))
    }
    return ContestResult(
      name: name, unit: unit, units: units, product: product.name, rival: rival?.name,
      rounds: rounds)
  }
}
