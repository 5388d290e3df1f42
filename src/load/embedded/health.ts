import { monitorEventLoopDelay, performance, type EventLoopUtilization } from 'node:perf_hooks';
import process from 'node:process';

/** `cpuUsage` of one thread in µs: Node 23.9 and later. */
interface ThreadUsage {
  threadCpuUsage?(): { readonly user: number; readonly system: number };
}

const resolutionMs = 10;

/** Watches how well this thread keeps up while the steady window runs. */
export class Health {
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });
  #utilization: EventLoopUtilization | undefined;
  #cpuUs: number | undefined;
  #began = 0;
  #figures = { loopDelayP99Ms: 0, cpu: 0 };

  begin(): void {
    this.#began = performance.now();
    this.#utilization = performance.eventLoopUtilization();
    this.#cpuUs = cpuUs();
    this.#delay.enable();
  }

  end(): void {
    if (this.#utilization === undefined) return;
    this.#delay.disable();
    const busy = performance.eventLoopUtilization(this.#utilization).utilization;
    const spent = cpuUs();
    const elapsedUs = Math.max(1, (performance.now() - this.#began) * 1000);
    const measured = this.#delay.count > 0;
    this.#figures = {
      // It measures from one tick of its own to the next, and the ticks are this far apart by themselves.
      loopDelayP99Ms: measured ? Math.max(0, this.#delay.percentile(99) / 1e6 - resolutionMs) : 0,
      cpu: spent === undefined || this.#cpuUs === undefined ? busy : (spent - this.#cpuUs) / elapsedUs,
    };
    this.#utilization = undefined;
  }

  figures(): { readonly loopDelayP99Ms: number; readonly cpu: number } {
    return this.#figures;
  }
}

function cpuUs(): number | undefined {
  const usage = (process as ThreadUsage).threadCpuUsage?.();
  return usage === undefined ? undefined : usage.user + usage.system;
}
