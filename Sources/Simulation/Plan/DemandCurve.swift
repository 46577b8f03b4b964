internal import Foundation
import PayopsCore

/// Expected payments by hour and flow: seasonality and growth, without noise.
struct DemandCurve: Sendable {
  /// First hour, counted from 1970-01-01 00:00 UTC.
  let firstHour: Int
  /// Weights by flow, one row of ``flowCount`` for each hour.
  private let weights: [Double]
  private let flowCount: Int
  /// Sum over the flows, by hour.
  let totals: [Double]

  /// Tabulates hours.
  ///
  /// - Parameters:
  ///   - firstHour: hour since 1970-01-01 00:00 UTC.
  ///   - hourCount: number of hours.
  ///   - growth: demand of the last hour against that of the first, beside the seasons.
  ///   - flows: those that are counted.
  init(firstHour: Int, hourCount: Int, growth: Double = 1, flows: [Flow] = Flow.all) {
    let shapes = flows.map { flow -> [Double] in
      let factors = flow.day.factors
      let mean = factors.reduce(0, +) / 24
      return factors.map { $0 / mean }
    }
    var weights: [Double] = []
    var totals: [Double] = []
    weights.reserveCapacity(hourCount * flows.count)
    totals.reserveCapacity(hourCount)
    var calendar = LocalDay(days: Int.min)
    var indianCalendar = LocalDay(days: Int.min)
    for hour in firstHour..<firstHour + hourCount {
      // Central European Time all year; India is five and a half hours ahead of UTC.
      let local = hour + 1
      let indian = hour + 5
      calendar.move(to: local / 24)
      indianCalendar.move(to: indian / 24)
      let months = Double(hour - firstHour) / 720
      var total = 0.0
      for (number, flow) in flows.enumerated() {
        let day = flow.isIndian ? indianCalendar : calendar
        let shape = shapes[number]
        let clock = (flow.isIndian ? indian : local) % 24
        // India is on the half hour: the mean of the two local hours.
        let level = flow.isIndian ? (shape[clock] + shape[(clock + 1) % 24]) / 2 : shape[clock]
        var weight = flow.share * level * flow.week[day.weekday]
        weight *= flow.month.factor(day: day.date.day, daysInMonth: day.daysInMonth)
        if day.isHoliday { weight *= flow.holiday }
        if day.date.month == 12, (10...24).contains(day.date.day) { weight *= flow.christmas }
        weight *= 1 + flow.growth * months
        weights.append(weight)
        total += weight
      }
      if growth != 1 {
        // Of every flow alike: their shares stay.
        let progress = Double(hour - firstHour) / Double(hourCount)
        let factor = exp(log(growth) * progress)
        for number in weights.indices.suffix(flows.count) { weights[number] *= factor }
        total *= factor
      }
      totals.append(total)
    }
    self.firstHour = firstHour
    self.weights = weights
    self.flowCount = flows.count
    self.totals = totals
  }

  /// Cumulative shares of the flows in an hour, scaled to 2^32.
  ///
  /// - Parameter position: hours after ``firstHour``.
  func cumulativeShares(position: Int) -> [UInt32] {
    let row = weights[position * flowCount..<(position + 1) * flowCount]
    var sum = 0.0
    return row.map { weight in
      sum += weight
      return UInt32(min(sum / totals[position] * 0x1p32, 0x1p32 - 1))
    }
  }

  /// Demand at a minute of an hour, smooth across the full hours.
  func weight(position: Int, minute: Int) -> Double {
    let here = totals[position]
    let before = position > 0 ? totals[position - 1] : here
    let after = position + 1 < totals.count ? totals[position + 1] : here
    let distance = (Double(minute) + 0.5 - 30) / 60
    return distance < 0
      ? here + (here - before) * distance : here + (after - here) * distance
  }
}

/// What the curve needs to know about a local day.
private struct LocalDay {
  private var days: Int
  private(set) var date = CivilDate(daysSinceEpoch: 0)
  private(set) var weekday = 0
  private(set) var daysInMonth = 30
  private(set) var isHoliday = false

  init(days: Int) { self.days = days }

  mutating func move(to days: Int) {
    guard days != self.days else { return }
    self.days = days
    date = CivilDate(daysSinceEpoch: days)
    weekday = CivilDate.weekday(daysSinceEpoch: days)
    let next =
      date.month == 12
      ? CivilDate(year: date.year + 1, month: 1, day: 1)
      : CivilDate(year: date.year, month: date.month + 1, day: 1)
    daysInMonth =
      next.daysSinceEpoch
      - CivilDate(year: date.year, month: date.month, day: 1).daysSinceEpoch
    isHoliday = BankHolidays.contains(date)
  }
}
