import base from './playwright.config';
import { defineConfig } from '@playwright/test';
const url = process.env['DEV_URL'] ?? 'http://127.0.0.1:4530/';
export default defineConfig({ ...base, webServer: [], globalSetup: [], use: { ...base.use, baseURL: url } });
