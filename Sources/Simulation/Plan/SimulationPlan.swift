import PayopsCore

/// Everything of a run that is decided before payments are sampled. Immutable and shared.
final class SimulationPlan: Sendable {
  let parameters: SimulationParameters
  let startSecond: Int
  let endSecond: Int
  let normal: NormalTable
  let population: Population
  let incidents: [Incident]
  let typologies: [Typology]
  /// All planted payments, in time order.
  let planned: [PlannedPayment]
  /// For each hour the position of its first planted payment; one more at the end.
  let plannedStart: [Int]
  let demand: DemandPlan
  let logins: LoginPlan
  let chunks: [Chunk]

  /// Decides on a run.
  ///
  /// - Parameters:
  ///   - parameters: valid parameters with an end.
  ///   - end: first instant after the history.
  ///   - chunkLimit: payments in a chunk, roughly at most.
  init(parameters: SimulationParameters, end: CivilInstant, chunkLimit: Int = 60_000) {
    var parameters = parameters
    parameters.end = end
    self.parameters = parameters
    let endSecond = end.secondsSinceEpoch
    let startSecond = endSecond - parameters.days * 86_400
    self.endSecond = endSecond
    self.startSecond = startSecond
    let normal = NormalTable()
    self.normal = normal
    var population = Population(parameters: parameters, normal: normal)
    incidents = Incident.plan(
      parameters: parameters, startSecond: startSecond, endSecond: endSecond)
    var planner = TypologyPlanner(
      parameters: parameters, population: population, startSecond: startSecond,
      endSecond: endSecond)
    typologies = planner.plan(parameters: parameters)
    var planned: [PlannedPayment] = []
    for (number, typology) in typologies.enumerated() {
      for payment in typology.payments {
        var payment = payment
        payment.answer = Int32(incidents.count + number)
        planned.append(payment)
        if !payment.type.isIncoming {
          population.endow(account: Int(payment.account), cents: payment.cents)
        }
      }
    }
    // Sorting is not stable, so the position orders equal times.
    planned = planned.enumerated().sorted {
      ($0.element.second, $0.offset) < ($1.element.second, $1.offset)
    }.map(\.element)
    self.planned = planned
    self.population = population
    let demand = DemandPlan(
      startSecond: startSecond, endSecond: endSecond,
      total: parameters.transactions - planned.count, seed: parameters.seed, incidents: incidents,
      normal: normal, growth: parameters.growth)
    self.demand = demand
    let logins = LoginPlan(parameters: parameters, demand: demand, typologies: typologies)
    self.logins = logins

    var plannedStart: [Int] = []
    var position = 0
    for hour in 0..<demand.hourCount {
      plannedStart.append(position)
      let hourEnd = (demand.firstHour + hour + 1) * 3600
      while position < planned.count, planned[position].second < hourEnd { position += 1 }
    }
    plannedStart.append(position)
    self.plannedStart = plannedStart
    chunks = Chunk.divide(
      firstHour: demand.firstHour,
      payments: demand.counts.indices.map { [plannedStart] in
        demand.counts[$0] + plannedStart[$0 + 1] - plannedStart[$0]
      },
      logins: logins.counts.indices.map { logins.count(position: $0) }, limit: chunkLimit)
  }

  /// The planted events, in the order of their answer numbers.
  var answers: [Answer] {
    incidents.map { incident in
      Answer(
        kind: "incident", label: incident.kind.rawValue, startSecond: incident.startSecond,
        endSecond: incident.endSecond, dimension: incident.dimension, member: incident.memberName,
        account: nil, magnitude: incident.magnitude)
    }
      + typologies.map { typology in
        Answer(
          kind: "typology", label: typology.kind.rawValue, startSecond: typology.startSecond,
          endSecond: typology.endSecond, dimension: nil, member: nil,
          account: Int(typology.account), magnitude: nil)
      }
  }
}

/// A planted event, as written to the answer key.
struct Answer: Sendable, Equatable {
  let kind: String
  let label: String
  let startSecond: Int
  let endSecond: Int
  let dimension: String?
  let member: String?
  /// Position of the main account.
  let account: Int?
  let magnitude: Double?
}

/// Hours of a run that are written in one transaction: a UTC day, an equal part of one when the
/// day is large, or several days when they are small.
struct Chunk: Sendable, Equatable {
  /// From 0 in time order.
  let number: Int
  /// Positions of the hours in the run.
  let hours: Range<Int>
  /// Position of the first payment.
  let firstPayment: Int
  let paymentCount: Int
  /// Position of the first login.
  let firstLogin: Int
  let loginCount: Int

  /// Divides the hours of a run.
  static func divide(firstHour: Int, payments: [Int], logins: [Int], limit: Int) -> [Chunk] {
    var chunks: [Chunk] = []
    // Every transaction has a fixed cost; a few of them per worker are enough.
    let small = min(limit, 100_000, max(2000, payments.reduce(0, +) / 6))
    var hour = 0
    var firstPayment = 0
    var firstLogin = 0
    while hour < payments.count {
      let dayEnd = min(payments.count, hour + 24 - (firstHour + hour) % 24)
      let dayCount = payments[hour..<dayEnd].reduce(0, +)
      if let last = chunks.last, last.paymentCount + dayCount <= small {
        chunks[chunks.count - 1] = Chunk(
          number: last.number, hours: last.hours.lowerBound..<dayEnd,
          firstPayment: last.firstPayment, paymentCount: last.paymentCount + dayCount,
          firstLogin: last.firstLogin,
          loginCount: last.loginCount + logins[hour..<dayEnd].reduce(0, +))
        firstPayment += dayCount
        firstLogin += logins[hour..<dayEnd].reduce(0, +)
        hour = dayEnd
        continue
      }
      let parts = [1, 2, 3, 4, 6, 8, 12, 24].first { dayCount / $0 <= limit } ?? 24
      let span = 24 / parts
      while hour < dayEnd {
        let end = min(dayEnd, hour + span - (firstHour + hour) % span)
        let paymentCount = payments[hour..<end].reduce(0, +)
        let loginCount = logins[hour..<end].reduce(0, +)
        chunks.append(
          Chunk(
            number: chunks.count, hours: hour..<end, firstPayment: firstPayment,
            paymentCount: paymentCount, firstLogin: firstLogin, loginCount: loginCount))
        firstPayment += paymentCount
        firstLogin += loginCount
        hour = end
      }
    }
    return chunks
  }
}
