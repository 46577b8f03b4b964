/// Product and rival in turns, so that a slow minute of the machine affects both alike.
///
/// A round is product, rival, product; the last turn of a round is the first of the next. The rival
/// is compared with the mean of the two turns of the product around it, which cancels a steady
/// drift of the machine over the round. The two turns of the product are the control: they do the
/// same, so their ratio must come out as 1; every second round is compared in reverse order.
struct Contest: Sendable {
  /// A participant that takes turns.
  struct Side: Sendable {
    /// Its name in tables.
    let name: String
    /// Does the work of a turn and measures it, without preparation and clean-up.
    let turn: @Sendable (_ round: Int) async throws -> Turn
  }

  /// The fewest rounds for a reliable ratio.
  static let fewestRounds = 5
  /// The fewest payments in a turn whose ratio has a target. In smaller turns fixed costs, such as
  /// 570 definitions, outweigh the rows; those only compare versions.
  static let targetSize = 1_000_000

  /// What is measured.
  let name: String
  /// The unit of work, in the plural: rows, changes.
  let unit: String
  /// Units of work in a turn.
  let units: Int
  /// How many rounds.
  let rounds: Int
  /// The product.
  let product: Side
  /// What users would use instead; nil when only the control is run.
  let rival: Side?

  /// Runs all rounds.
  ///
  /// - Parameter progress: called after each turn.
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
