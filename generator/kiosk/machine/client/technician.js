/** The technicians' page: a PIN by touch, then how the screen fares and two things to do. Leaves by itself. */
import { ask, beat, pageId } from "./calls.js"

const HOME = "/"
const PAD_IDLE = 45_000
const OPEN_IDLE = 180_000
const page = pageId()
const $ = (id) => document.getElementById(id)
const keys = document.querySelector(".keys")
const acts = [...document.querySelectorAll("[data-act]")]
let pin = ""
let token = ""
let open = false
let waitUntil = 0
let touched = performance.now()

const WORDS = { ok: "一切正常", degraded: "照常展示，有事要看", down: "没有内容可以展示" }
const PHASES = { attract: "循环播放", visit: "有人在用", countdown: "倒计时", technician: "维护页", waiting: "等待内容" }

// The pad

function showDigits() {
  $("digits").textContent = "●".repeat(pin.length)
  $("digits").setAttribute("aria-label", `已输入 ${pin.length} 位`)
}

async function enter() {
  if (!pin) return
  const given = pin
  pin = ""
  showDigits()
  const answer = await ask("/-/technician/open", { "X-Kiosk-Pin": given })
  if (answer?.status === 200) {
    open = true
    await refresh()
  } else {
    refuse(answer?.body)
  }
}

function refuse(body) {
  if (!body) $("refusal").textContent = "没有回应，请再试"
  else if (!body.pin) $("refusal").textContent = "这台机器没有设 PIN，见维护说明"
  else if (body.wait) waitUntil = performance.now() + body.wait * 1000
  else $("refusal").textContent = "PIN 不对"
}

function showWait() {
  const left = Math.ceil((waitUntil - performance.now()) / 1000)
  for (const key of keys.children) key.disabled = left > 0
  if (left > 0) $("refusal").textContent = `输错次数太多，请等 ${left} 秒`
  else if (waitUntil) {
    waitUntil = 0
    $("refusal").textContent = ""
  }
}

keys.addEventListener("click", (event) => {
  const key = event.target.closest("button")?.dataset.key
  if (!key) return
  if (key === "enter") return enter()
  $("refusal").textContent = ""
  pin = key === "back" ? pin.slice(0, -1) : (pin + key).slice(0, 12)
  showDigits()
})

// The overview

function duration(seconds) {
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60]
  return days ? `${days} 天 ${hours} 小时` : hours ? `${hours} 小时 ${minutes} 分` : `${minutes} 分`
}

function gigabytes(bytes) {
  return bytes === null ? "不明" : `${(bytes / 1e9).toFixed(1)} GB`
}

function factsOf({ health, counts, errors }) {
  const { content, update, browser, disk, clock } = health
  const age = content.age_days === null || content.age_days === undefined ? "" : `，${content.age_days} 天前`
  return [
    ["内容", content.version ? `${content.organiser}，${content.cases} 项${content.release ? `，${content.release}` : ""}` : "没有"],
    ["内容版本", content.version ? `${content.version.slice(0, 12)}（${content.date}${age}）` : "—"],
    ["等待换上", content.ready ? content.ready.slice(0, 12) : content.on_trial ? "新版试用中" : "没有"],
    ["上次更新", update.at ? `${update.at.replace("T", " ").slice(0, 16)} ${update.message}` : update.message],
    ["签名有效到", update.expires ? `${update.expires.slice(0, 10)}${update.expired ? "（已到期）" : ""}` : "还没有"],
    ["已运行", duration(health.uptime)],
    ["页面", `${PHASES[browser.phase] ?? "没有动静"}，出错 ${browser.errors} 次${errors.length ? `：${errors.at(-1)}` : ""}`],
    ["磁盘", `剩 ${gigabytes(disk.free)}，共 ${gigabytes(disk.total)}`],
    ["屏幕", `${screen.width} × ${screen.height}，缩放 ${devicePixelRatio}`],
    ["本机时间", clock.local.replace("T", " ").slice(0, 16)],
    ["今天", `参观 ${counts.visits_today} 次，打开 ${counts.opened_today} 次`],
    ["累计", `参观 ${counts.visits} 次，打开 ${counts.opened} 次`],
    ["程序", health.program],
  ]
}

function element(name, text) {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

async function refresh() {
  const answer = await ask("/-/technician/state")
  if (answer === null) return
  if (answer.status !== 200) {
    if (!$("overview").hidden) location.assign(HOME)
    return
  }
  const { health, lines } = answer.body
  token = answer.body.token
  $("pad").hidden = true
  $("overview").hidden = false
  $("status").textContent = WORDS[health.status]
  $("status").dataset.status = health.status
  $("problems").replaceChildren(...health.problems.map((text) => element("li", text)))
  $("facts").replaceChildren(...factsOf(answer.body).flatMap(([label, text]) => [element("dt", label), element("dd", text)]))
  $("lines").replaceChildren(...lines.toReversed().map((text) => element("li", text)))
}

const once = (name) => ask(`/-/technician/${name}`, { "X-Kiosk-Token": token })

async function act(button) {
  for (const other of acts) other.disabled = true
  let answer = await once(button.dataset.act)
  if (answer?.status === 403) {
    // The overview was renewed meanwhile, and with it the token.
    await refresh()
    answer = await once(button.dataset.act)
  }
  $("done").textContent = answer?.body.done ? `${button.textContent}：已安排` : "没有成功，请再按一次"
  await refresh()
  for (const other of acts) other.disabled = false
}

for (const button of acts) button.addEventListener("click", () => act(button))

// Leaving

async function leave() {
  if (open) await once("leave")
  location.assign(HOME)
}

addEventListener("pointerdown", () => { touched = performance.now() })
addEventListener("keydown", () => { touched = performance.now() })
addEventListener("contextmenu", (event) => event.preventDefault())
document.querySelector("header a").addEventListener("click", (event) => {
  event.preventDefault()
  leave()
})

setInterval(() => {
  showWait()
  if (performance.now() - touched > (open ? OPEN_IDLE : PAD_IDLE)) leave()
}, 1000)
setInterval(() => {
  beat(page, "technician")
  if (open) refresh()
}, 5000)
beat(page, "technician")
refresh()
