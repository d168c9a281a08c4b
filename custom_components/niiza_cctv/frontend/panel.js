var e=globalThis,t=e.ShadowRoot&&(e.ShadyCSS===void 0||e.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,n=Symbol(),r=/* @__PURE__ */ new WeakMap,i=class{constructor(e,t,r){if(this._$cssResult$=!0,r!==n)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,n=this.t;if(t&&e===void 0){let t=n!==void 0&&n.length===1;t&&(e=r.get(n)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),t&&r.set(n,e))}return e}toString(){return this.cssText}},a=e=>new i(typeof e==`string`?e:e+``,void 0,n),o=(e,...t)=>new i(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,n),s=(n,r)=>{if(t)n.adoptedStyleSheets=r.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let t of r){let r=document.createElement(`style`),i=e.litNonce;i!==void 0&&r.setAttribute(`nonce`,i),r.textContent=t.cssText,n.appendChild(r)}},c=t?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return a(t)})(e):e,{is:l,defineProperty:u,getOwnPropertyDescriptor:d,getOwnPropertyNames:f,getOwnPropertySymbols:p,getPrototypeOf:m}=Object,ee=globalThis,te=ee.trustedTypes,ne=te?te.emptyScript:``,re=ee.reactiveElementPolyfillSupport,ie=(e,t)=>e,ae={toAttribute(e,t){switch(t){case Boolean:e=e?ne:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},oe=(e,t)=>!l(e,t),se={attribute:!0,type:String,converter:ae,reflect:!1,useDefault:!1,hasChanged:oe};Symbol.metadata??=Symbol(`metadata`),ee.litPropertyMetadata??=/* @__PURE__ */ new WeakMap;var ce=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=se){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&u(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=d(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??se}static _$Ei(){if(this.hasOwnProperty(ie(`elementProperties`)))return;let e=m(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(ie(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(ie(`properties`))){let e=this.properties,t=[...f(e),...p(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=/* @__PURE__ */ new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(c(e))}else e!==void 0&&t.push(c(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=/* @__PURE__ */ new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=/* @__PURE__ */ new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=/* @__PURE__ */ new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return s(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?ae:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?ae:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??oe)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=/* @__PURE__ */ new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=/* @__PURE__ */ new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=/* @__PURE__ */ new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};ce.elementStyles=[],ce.shadowRootOptions={mode:`open`},ce[ie(`elementProperties`)]=/* @__PURE__ */ new Map,ce[ie(`finalized`)]=/* @__PURE__ */ new Map,re?.({ReactiveElement:ce}),(ee.reactiveElementVersions??=[]).push(`2.1.2`);var le=globalThis,ue=e=>e,de=le.trustedTypes,fe=de?de.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,pe=`$lit$`,h=`lit$${Math.random().toFixed(9).slice(2)}$`,me=`?`+h,he=`<${me}>`,g=document,ge=()=>g.createComment(``),_e=e=>e===null||typeof e!=`object`&&typeof e!=`function`,ve=Array.isArray,ye=e=>ve(e)||typeof e?.[Symbol.iterator]==`function`,be=`[ 	
\f\r]`,xe=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Se=/-->/g,Ce=/>/g,_=RegExp(`>|${be}(?:([^\\s"'>=/]+)(${be}*=${be}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),we=/'/g,Te=/"/g,Ee=/^(?:script|style|textarea|title)$/i,De=e=>(t,...n)=>({_$litType$:e,strings:t,values:n}),v=De(1),y=De(2),b=Symbol.for(`lit-noChange`),x=Symbol.for(`lit-nothing`),Oe=/* @__PURE__ */ new WeakMap,S=g.createTreeWalker(g,129);function ke(e,t){if(!ve(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return fe===void 0?t:fe.createHTML(t)}var Ae=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=xe;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===xe?c[1]===`!--`?o=Se:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=_):(Ee.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=_):o=Ce:o===_?c[0]===`>`?(o=i??xe,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?_:c[3]===`"`?Te:we):o===Te||o===we?o=_:o===Se||o===Ce?o=xe:(o=_,i=void 0);let d=o===_&&e[t+1].startsWith(`/>`)?` `:``;a+=o===xe?n+he:l>=0?(r.push(s),n.slice(0,l)+pe+n.slice(l)+h+d):n+h+(l===-2?t:d)}return[ke(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},je=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=Ae(t,n);if(this.el=e.createElement(l,r),S.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=S.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(pe)){let t=u[o++],n=i.getAttribute(e).split(h),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?Fe:r[1]===`?`?Ie:r[1]===`@`?Le:Pe}),i.removeAttribute(e)}else e.startsWith(h)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(Ee.test(i.tagName)){let e=i.textContent.split(h),t=e.length-1;if(t>0){i.textContent=de?de.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],ge()),S.nextNode(),c.push({type:2,index:++a});i.append(e[t],ge())}}}else if(i.nodeType===8){if(i.data===me)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(h,e+1))!==-1;)c.push({type:7,index:a}),e+=h.length-1}}a++}}static createElement(e,t){let n=g.createElement(`template`);return n.innerHTML=e,n}};function C(e,t,n=e,r){if(t===b)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=_e(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=C(e,i._$AS(e,t.values),i,r)),t}var Me=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??g).importNode(t,!0);S.currentNode=r;let i=S.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new Ne(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new Re(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=S.nextNode(),a++)}return S.currentNode=g,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},Ne=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=x,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=C(this,e,t),_e(e)?e===x||e==null||e===``?(this._$AH!==x&&this._$AR(),this._$AH=x):e!==this._$AH&&e!==b&&this._(e):e._$litType$===void 0?e.nodeType===void 0?ye(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==x&&_e(this._$AH)?this._$AA.nextSibling.data=e:this.T(g.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=je.createElement(ke(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new Me(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=Oe.get(e.strings);return t===void 0&&Oe.set(e.strings,t=new je(e)),t}k(t){ve(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(ge()),this.O(ge()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=ue(e).nextSibling;ue(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},Pe=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=x,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(/* @__PURE__ */ new String),this.strings=n):this._$AH=x}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=C(this,e,t,0),a=!_e(e)||e!==this._$AH&&e!==b,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=C(this,r[n+o],t,o),s===b&&(s=this._$AH[o]),a||=!_e(s)||s!==this._$AH[o],s===x?e=x:e!==x&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===x?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},Fe=class extends Pe{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===x?void 0:e}},Ie=class extends Pe{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==x)}},Le=class extends Pe{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=C(this,e,t,0)??x)===b)return;let n=this._$AH,r=e===x&&n!==x||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==x&&(n===x||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Re=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){C(this,e)}},ze={M:pe,P:h,A:me,C:1,L:Ae,R:Me,D:ye,V:C,I:Ne,H:Pe,N:Ie,U:Le,B:Fe,F:Re},Be=le.litHtmlPolyfillSupport;Be?.(je,Ne),(le.litHtmlVersions??=[]).push(`3.3.3`);var Ve=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new Ne(t.insertBefore(ge(),e),e,void 0,n??{})}return i._$AI(e),i},He=globalThis,w=class extends ce{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Ve(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return b}};w._$litElement$=!0,w.finalized=!0,He.litElementHydrateSupport?.({LitElement:w});var Ue=He.litElementPolyfillSupport;Ue?.({LitElement:w}),(He.litElementVersions??=[]).push(`4.2.2`);var T=1e6,We=1e5,Ge=1e4,Ke={reveal:[],hide:[]};function qe(e){return{reveal:e.reveal.map(({shape:e,keys:t,rejected:n})=>({shape:e===`ellipse`?`ellipse`:`box`,keys:t.map(({at_us:e,box:t,confirmed:n})=>({at_us:e,box:Je(t),confirmed:n})),rejected:n.map(([e=0,t=0])=>[e,t])})),hide:e.hide.map(({keys:e})=>({keys:e.map(({at_us:e,box:t})=>({at_us:e,box:Je(t)}))}))}}function Je([e=0,t=0,n=0,r=0]){return[e,t,n,r]}function Ye(e,t,n){let r=n-e.at_us,i=t.at_us-e.at_us,a=n=>(e.box[n]*(i-r)+t.box[n]*r)/i;return[a(0),a(1),a(2),a(3)]}function Xe(e,t){let[n,r]=[0,e.length];for(;n<r;){let i=n+r>>1;(e[i]?.at_us??0)<=t?n=i+1:r=i}return n}function Ze({rejected:e},t){return e.some(([e,n])=>e<=t&&t<=n)}function Qe(e,t){if(Ze(e,t))return null;let n=Xe(e.keys,t),r=e.keys[n-1];if(!r?.confirmed)return null;if(r.at_us===t)return r.box;let i=e.keys[n];return i?.confirmed?Ye(r,i,t):null}function $e({keys:e},t){let[n,r]=[e[0],e.at(-1)];return!n||!r||t<n.at_us-1e5||t>r.at_us+1e5?null:et(e,t)}function et(e,t){let n=Xe(e,t),[r,i]=[e[n-1],e[n]];return r&&i&&r.at_us!==t?Ye(r,i,t):(r??i)?.box??null}function tt(e,{kind:t,index:n},r){if(t===`hide`)return e.hide[n]&&$e(e.hide[n],r)?`in_force`:`outside`;let i=e.reveal[n];if(!i)return`outside`;if(Ze(i,r))return`rejected`;if(Qe(i,r))return`in_force`;let[a,o]=[i.keys[0],i.keys.at(-1)];return a&&o&&a.at_us<=r&&r<=o.at_us?`proposed`:`outside`}function nt(e,{kind:t,index:n}){return(t===`reveal`?e.reveal[n]?.keys:e.hide[n]?.keys)??[]}function rt(e,t,n){return nt(e,t).find(e=>e.at_us===n)}function it({keys:e,rejected:t}){let n=[];return e.forEach((t,r)=>{if(!t.confirmed)return;let i=e[r-1],a=n.at(-1);i?.confirmed&&a?n[n.length-1]=[a[0],t.at_us]:n.push([t.at_us,t.at_us])}),t.reduce((e,[t,n])=>e.flatMap(e=>at(e,t,n)),n)}function at([e,t],n,r){return r<e||t<n?[[e,t]]:[[e,n-1],[r+1,t]].filter(([e,t])=>e<=t)}function ot(e,t,n){return Math.min(Math.max(e,t),n)}function E([e,t,n,r]){let[i,a]=st(e,n),[o,s]=st(t,r);return[i,o,a,s]}function st(e,t){let n=ot(Math.round(Math.min(e,t)),0,99e4);return[n,ot(Math.round(Math.max(e,t)),n+Ge,T)]}function ct([e,t,n,r],i,a){let o=ot(i,-e,T-n),s=ot(a,-t,T-r);return E([e+o,t+s,n+o,r+s])}function lt([e,t,n,r],i,a,o){return E([i.includes(`w`)?Math.min(e+a,n-Ge):e,i.includes(`n`)?Math.min(t+o,r-Ge):t,i.includes(`e`)?Math.max(n+a,e+Ge):n,i.includes(`s`)?Math.max(r+o,t+Ge):r])}function ut(e,t){return[...e.filter(e=>e.at_us!==t.at_us),t].sort((e,t)=>e.at_us-t.at_us)}function dt(e,t,n){return e.map((e,r)=>r===t?n(e):e)}function D(e,t,n){return{...e,reveal:dt(e.reveal,t,n)}}function ft(e,{kind:t,index:n},r,i){let a={at_us:r,box:E(i)};if(t===`hide`)return{...e,hide:dt(e.hide,n,({keys:e})=>({keys:ut(e,a)}))};let o=e.reveal[n]?.keys??[],s=D(e,n,e=>({...e,keys:ut(e.keys,{...a,confirmed:!0})})),[c,l]=[o[0],o.at(-1)];return l&&r-l.at_us>1e6?bt(s,n,l.at_us+1,r-1):c&&c.at_us-r>1e6?bt(s,n,r+1,c.at_us-1):s}function pt(e,t,n){return nt(e,t).filter(e=>e.at_us!==n).length?t.kind===`hide`?{...e,hide:dt(e.hide,t.index,({keys:e})=>({keys:e.filter(e=>e.at_us!==n)}))}:mt(e,t.index,e=>e.at_us===n):wt(e,t)}function mt(e,t,n){let r=e.reveal[t]?.keys??[],i=r.filter(e=>!n(e)),a=D(e,t,e=>({...e,keys:i}));return i.reduce((e,n,a)=>{let o=i[a-1];return o&&r.some(e=>!e.confirmed&&o.at_us<e.at_us&&e.at_us<n.at_us)&&o.confirmed&&n.confirmed?ht(e,t,o.at_us,n.at_us):e},a)}function ht(e,t,n,r){return r-n>1?bt(e,t,n+1,r-1):e}function gt(e,t){return D(e,t,e=>({...e,keys:e.keys.map(e=>({...e,confirmed:!0}))}))}function _t(e,t){return e.reveal[t]?.keys.some(e=>e.confirmed)?mt(e,t,e=>!e.confirmed):wt(e,{kind:`reveal`,index:t})}function vt(e,t){return e.reveal[t]?.keys.filter(e=>!e.confirmed)??[]}function yt(e,t,n,r){let i=e.reveal[t]?.keys.find(e=>e.at_us>n&&e.confirmed)?.at_us,a=i??1/0,o=r.filter(({at_us:e})=>e>n&&e<a).map(({at_us:e,box:t})=>({at_us:e,box:E(t),confirmed:!1}));if(!o.length)return e;let s=D(mt(e,t,e=>!e.confirmed&&e.at_us>n&&e.at_us<a),t,n=>({...n,rejected:e.reveal[t]?.rejected??[],keys:[...n.keys,...o].sort((e,t)=>e.at_us-t.at_us)})),c=o.at(-1)?.at_us??n;return i!==void 0&&i-c>1e6?ht(s,t,c,i):s}function bt(e,t,n,r){let[i,a]=[Math.min(n,r),Math.max(n,r)];return D(e,t,e=>{let t=([e,t])=>e<=a&&i<=t,n=e.rejected.filter(e=>!t(e)),r=e.rejected.filter(t),o=[Math.min(i,...r.map(([e])=>e)),Math.max(a,...r.map(([,e])=>e))];return{...e,rejected:[...n,o].sort((e,t)=>e[0]-t[0])}})}function xt(e,t,n){return D(e,t,e=>({...e,rejected:e.rejected.filter(([e,t])=>n<e||t<n)}))}function St(e,t,n){let r=[{at_us:t,box:E(n),confirmed:!0}];return{...e,reveal:[...e.reveal,{shape:`box`,keys:r,rejected:[]}]}}function Ct(e,t,n){return{...e,hide:[...e.hide,{keys:[{at_us:t,box:E(n)}]}]}}function wt(e,{kind:t,index:n}){return{...e,[t]:e[t].filter((e,t)=>t!==n)}}function Tt(e,t,n){return D(e,t,e=>({...e,shape:n}))}function Et(e,t){let[n,r]=[0,e.length];for(;n<r;){let i=n+r>>1;(e[i]??0)<=t?n=i+1:r=i}return Math.max(0,n-1)}function Dt(e){return{now:e,past:[],future:[],step:``}}function Ot(e,t,n=``){return t===e.now?e:n&&n===e.step?{...e,now:t,future:[]}:{now:t,past:[...e.past,e.now].slice(-200),future:[],step:n}}function kt(e){let t=e.past.at(-1);return t?{now:t,past:e.past.slice(0,-1),future:[e.now,...e.future],step:``}:e}function At(e){let[t,...n]=e.future;return t?{now:t,past:[...e.past,e.now],future:n,step:``}:e}var jt=3e3,O=`niiza_cctv`,Mt=class extends Error{cause;constructor(e){super(e.message??e.code??``),this.cause=e}get refusesPerson(){return this.cause.code===`unauthorized`||!!this.cause.translation_key?.startsWith(`not_allowed`)}};function Nt(e){return new Mt(typeof e==`object`&&e?e:{message:String(e)})}function Pt(e){return Object.fromEntries(Object.entries(e).filter(([,e])=>e!==void 0&&e!==``))}var Ft=class{connection;constructor(e){this.connection=e}async send(e){try{return await this.connection.sendMessagePromise(e)}catch(e){throw Nt(e)}}async act(e,t){let{response:n}=await this.send({type:`call_service`,domain:O,service:e,service_data:Pt(t),return_response:!0});return n}async actOn(e,t,n,r){let i=Pt(t);if(!Object.keys(i).length)return this.act(n,r);let{draft_id:a}=await this.send({type:`${O}/save_draft`,step:e,fields:i});try{return await this.act(n,{...r,draft_id:a})}catch(e){throw this.send({type:`${O}/discard_draft`,draft_id:a}).catch(()=>void 0),e}}info=()=>this.send({type:`${O}/info`});changes=async e=>{try{return await this.connection.subscribeMessage(e,{type:`${O}/subscribe`},{resubscribe:!1})}catch(e){throw Nt(e)}};ledgerPage=e=>this.send({type:`${O}/ledger`,...e?{before:e}:{}});playback=(e,t,n)=>this.send({type:`${O}/playback`,camera:e,start:t,end:n});watchClip=e=>this.send({type:`${O}/watch_clip`,clip:e});openCounter=async(e,t,n)=>{let{draft_id:r}=await this.send({type:`${O}/save_draft`,step:`show_at_counter`,fields:Pt({present:n})});try{return await this.send({type:`${O}/open_counter`,item:e,shown_to:t,draft_id:r})}catch(e){throw this.send({type:`${O}/discard_draft`,draft_id:r}).catch(()=>void 0),e}};endCounter=e=>this.send({type:`${O}/end_counter`,showing:e});tellWatched=(e,{speed:t,reaches:n})=>this.send({type:`${O}/watched`,clip:e,speed:t,reaches:n});checks=()=>this.send({type:`${O}/checks`});checkHistory=e=>this.send({type:`${O}/check_history`,check:e}).then(e=>e.history);recordCheck=(e,t,n,r)=>this.actOn(`record_check`,n,`record_check`,{check:e,result:t,photo:r});cameraSettings=e=>this.send({type:`${O}/camera_settings`,...e?{camera:e}:{}});settingsRequest=e=>this.send({type:`${O}/settings_request`,token:e});acceptance=(e,t)=>this.send({type:`${O}/acceptance`,camera:e,language:t});startAcceptance=(e,t)=>this.send({type:`${O}/acceptance_start`,camera:e,language:t});cancelAcceptance=()=>this.send({type:`${O}/acceptance_cancel`});acceptanceAnswers=e=>this.send({type:`${O}/acceptance_answers`,camera:e});switchAudioOff=e=>this.act(`switch_audio_off`,{camera:e});setResolution=(e,t,n)=>this.act(`set_resolution`,{camera:e,resolution:t,hours:n});setClock=(e,t)=>this.act(`set_clock`,{camera:e,ntp_server:t});listCases=async()=>(await this.act(`list_cases`,{})).cases;getCase=e=>this.act(`get_case`,{case:e});maskTrack=e=>this.send({type:`${O}/mask_track`,item:e});saveMaskTrack=(e,t,n)=>this.send({type:`${O}/save_mask_track`,clip:e,track:t,based_on:n});maskView=e=>this.send({type:`${O}/mask_view`,clip:e});proposeTrack=(e,t,n,r)=>{let[i,a,o,s]=n.map(e=>e/T);return this.act(`propose_track`,{clip:e,at:t/1e6,left:i,top:a,right:o,bottom:s,seconds:r})};renderMaskedClip=(e,t,n)=>this.act(`render_masked_clip`,{clip:e,track_sha256:t,...n});findRecordings=(e,t)=>this.act(`find_recordings`,{...e,case:t}).then(e=>e.cameras);createCase=(e,t,n)=>this.actOn(`create`,t,`create_case`,{kind:e,...n});exportClip=(e,t)=>this.act(`export_clip`,{case:e,...t});sealEarly=e=>this.act(`seal_early`,{clip:e});cancelClip=e=>this.act(`cancel_clip`,{clip:e});registerFootage=(e,t,n)=>this.actOn(`register_footage`,n,`register_footage`,{case:e,...t});approve=(e,t,n,r)=>this.actOn(`approve`,{note:t},`approve_case`,{case:e,items:n,decision:r});proposeDecision=(e,t,n)=>this.actOn(`propose_decision`,{reasons:n},`propose_decision`,{case:e,...t});chooseForRelease=(e,t)=>this.act(`choose_for_release`,{case:e,items:t});cutClip=(e,t,n,r)=>this.act(`cut_clip`,{clip:e,start:t,end:n,encode_anew:r});withdrawClip=(e,t)=>this.act(`withdraw_clip`,{item:e,decision:t});reject=(e,t)=>this.actOn(`reject`,{reason:t},`reject_case`,{case:e});release=(e,t)=>this.act(`release_case`,{case:e,encrypt:t});handOver=(e,t,n,r)=>this.actOn(`hand_over`,{recipient:t,medium:n,medium_serial:r},`hand_over`,{case:e});conclude=(e,t,n)=>this.actOn(`conclude`,{reasons:n},`conclude_case`,{case:e,outcome:t});keepOpen=e=>this.act(`keep_open`,{case:e});purge=e=>this.act(`purge_case`,{case:e});dismissNotice=e=>this.send({type:`${O}/dismiss_notice`,tag:e});exportLedger=e=>this.act(`export_ledger`,{form:e});people=()=>this.send({type:`${O}/people`});confirmAppointment=e=>this.act(`confirm_appointment`,{appointment:e});declineAppointment=e=>this.act(`decline_appointment`,{appointment:e});verifyLedger=()=>this.act(`verify_ledger`,{})};async function It(e,t,n,r){return await(await e.fetchWithAuth(`/api/${O}/settings/${encodeURIComponent(t)}`,{method:`POST`,headers:{"Content-Type":`application/json`},body:JSON.stringify({username:n,password:r})})).json()}var k=o`
  :host {
    display: block;
    color: var(--primary-text-color);
    font-family: var(--ha-font-family-body, var(--paper-font-body1_-_font-family, sans-serif));
    font-size: 16px;
    line-height: 1.6;
    -webkit-font-smoothing: antialiased;
    /* Home Assistant's colours are chosen for surfaces: as letters, and under letters, they are too weak (2.1 to 4.3 : 1,
       and 4.5 is needed). Mixed with the text's own colour they get stronger in light and dark, whatever the theme. */
    --niiza-primary-letters: color-mix(in srgb, var(--primary-color) 55%, var(--primary-text-color));
    --niiza-error-letters: color-mix(in srgb, var(--error-color) 65%, var(--primary-text-color));
    --niiza-primary-surface: color-mix(in srgb, var(--primary-color) 65%, #000);
    --niiza-error-surface: color-mix(in srgb, var(--error-color) 75%, #000);
  }
  * {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3 {
    font-weight: 500;
    line-height: 1.35;
    margin: 0;
  }
  h1 {
    font-size: 1.6rem;
  }
  h2 {
    font-size: 1.2rem;
    margin-block-end: 12px;
  }
  h3 {
    font-size: 1rem;
  }
  h1:focus {
    outline: none;
  }
  p {
    margin: 0 0 8px;
  }
  ul,
  ol {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  a {
    color: var(--niiza-primary-letters);
  }
  .page {
    display: grid;
    gap: 16px;
    margin: 0 auto;
    max-width: 1100px;
    padding: 20px 16px 64px;
  }
  ha-card {
    display: block;
    padding: 20px;
  }
  .row {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
  }
  .spread {
    justify-content: space-between;
  }
  .soft {
    color: var(--secondary-text-color);
  }
  .small {
    font-size: 0.875rem;
  }
  .mono {
    font-family: var(--ha-font-family-code, ui-monospace, monospace);
    overflow-wrap: anywhere;
  }
  .with-icon {
    align-items: center;
    display: inline-flex;
    gap: 6px;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    flex: none;
  }
  button,
  .button {
    align-items: center;
    background: transparent;
    border: 1px solid var(--outline-color, var(--divider-color));
    border-radius: 12px;
    color: var(--primary-text-color);
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 500;
    gap: 8px;
    justify-content: center;
    min-block-size: 48px;
    padding: 8px 20px;
    text-decoration: none;
  }
  button:hover:not(:disabled),
  .button:hover {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  button.main,
  .button.main {
    background: var(--niiza-primary-surface);
    border-color: var(--niiza-primary-surface);
    color: #fff;
  }
  button.main:hover:not(:disabled),
  .button.main:hover {
    background: color-mix(in srgb, var(--niiza-primary-surface) 85%, #000);
  }
  button.danger {
    border-color: var(--niiza-error-letters);
    color: var(--niiza-error-letters);
  }
  button.flat {
    border-color: transparent;
    padding-inline: 12px;
  }
  button:disabled {
    border-style: dashed;
    background: transparent;
    color: var(--secondary-text-color);
    cursor: not-allowed;
  }
  :focus-visible,
  /* Within which the calendar's button may have it. */
  input:is([type="date"], [type="datetime-local"]):focus-within {
    outline: 3px solid var(--niiza-primary-letters);
    outline-offset: 2px;
  }
  /* What is led to must not end up under the bar that stays on top. */
  input,
  select,
  textarea,
  button,
  a,
  ha-card,
  .field,
  [tabindex] {
    scroll-margin-block: calc(var(--header-height, 56px) + 72px) 24px;
  }
  label,
  legend {
    font-weight: 500;
  }
  fieldset {
    border: 0;
    margin: 0;
    min-inline-size: 0;
    padding: 0;
  }
  fieldset > legend {
    margin-block-end: 8px;
    padding: 0;
  }
  .field {
    /* Fields in a row stand in line, whichever has a help above it. */
    align-content: end;
    display: grid;
    gap: 4px;
  }
  .field .small {
    font-weight: 400;
  }
  .field .wrong {
    color: var(--niiza-error-letters);
  }
  .field .wrong:not([hidden])::before {
    content: "⚠ ";
  }
  .field [aria-invalid] {
    border: 2px solid var(--niiza-error-letters);
  }
  .fields {
    display: grid;
    gap: 16px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr));
  }
  .wide {
    grid-column: 1 / -1;
  }
  input:not([type="radio"], [type="checkbox"]),
  select,
  textarea {
    background: var(--card-background-color);
    border: 1px solid var(--outline-color, var(--secondary-text-color));
    border-radius: 8px;
    color: var(--primary-text-color);
    font: inherit;
    inline-size: 100%;
    min-block-size: 48px;
    padding: 8px 12px;
  }
  textarea {
    min-block-size: 96px;
    resize: vertical;
  }
  input[type="radio"],
  input[type="checkbox"] {
    accent-color: var(--niiza-primary-surface);
    block-size: 24px;
    flex: none;
    inline-size: 24px;
    margin: 0;
  }
  .choice {
    align-items: center;
    border: 1px solid var(--divider-color);
    border-radius: 12px;
    cursor: pointer;
    display: flex;
    gap: 12px;
    min-block-size: 48px;
    padding: 8px 16px;
  }
  .choice:has(:checked) {
    border-color: var(--primary-color);
    box-shadow: inset 0 0 0 1px var(--primary-color);
  }
  .choices {
    display: grid;
    gap: 8px;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr));
  }
  .mark {
    color: var(--niiza-error-letters);
    font-weight: 400;
  }
  .chip {
    align-items: center;
    border: 1px solid currentColor;
    border-radius: 999px;
    display: inline-flex;
    font-size: 0.875rem;
    font-weight: 500;
    gap: 6px;
    padding: 2px 12px 2px 8px;
    white-space: nowrap;
  }
  .chip.turn {
    background: var(--niiza-primary-surface);
    border-color: var(--niiza-primary-surface);
    color: #fff;
  }
  .chip.risk {
    background: color-mix(in srgb, var(--error-color) 8%, transparent);
    color: var(--niiza-error-letters);
  }
  .chip.done {
    color: var(--secondary-text-color);
  }
  dl {
    display: grid;
    gap: 6px 20px;
    grid-template-columns: max-content 1fr;
    margin: 0;
  }
  dt {
    color: var(--secondary-text-color);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  progress {
    appearance: none;
    background: var(--divider-color);
    block-size: 12px;
    border: 0;
    border-radius: 6px;
    inline-size: 100%;
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--divider-color);
  }
  progress::-webkit-progress-value {
    background: var(--primary-color);
  }
  progress::-moz-progress-bar {
    background: var(--primary-color);
  }
  .bar {
    background: color-mix(in srgb, var(--success-color) 45%, transparent);
    block-size: 20px;
    border: 1px solid var(--divider-color);
    border-radius: 6px;
    overflow: hidden;
    position: relative;
  }
  .bar .gap {
    /* Striped, so that a gap shows without its colour. */
    background: repeating-linear-gradient(
      -45deg,
      var(--card-background-color) 0 5px,
      var(--error-color) 5px 7px
    );
    inset-block: 0;
    position: absolute;
  }
  .bar .marked {
    /* By its edges, too. */
    background: color-mix(in srgb, var(--primary-color) 35%, transparent);
    border-inline: 3px solid var(--primary-color);
    inset-block: 0;
    position: absolute;
  }
  .bar .now {
    background: var(--primary-text-color);
    inline-size: 3px;
    inset-block: 0;
    position: absolute;
  }
  @media (max-width: 600px) {
    dl {
      grid-template-columns: 1fr;
      gap: 0;
    }
    dd {
      margin-block-end: 10px;
    }
    ha-card {
      padding: 16px;
    }
  }
`,A=class extends Error{key;values;constructor(e,t){super(e),this.key=e,this.values=t}};async function Lt(e){await Promise.all([`config_panel`,`exceptions`,`selector`,`services`].map(t=>e.loadBackendTranslation(t,O)))}function Rt(e){return(t,n)=>e.localize(`component.niiza_cctv.config_panel.${t}`,n)||t}function j(e,t,n,r){let i=e(t,r);return i===t?n:i}function zt(e,t,n){if(n instanceof A)return t(n.key,n.values);if(!(n instanceof Mt))return t(`common.failed`);let{translation_domain:r,translation_key:i,translation_placeholders:a,message:o,code:s}=n.cause;return i&&e.localize(`component.${r??`niiza_cctv`}.exceptions.${i}.message`,a)||(s===`unauthorized`?t(`common.unauthorized`):s===`unknown_command`?t(`board.starting`):o??t(`common.failed`))}var M=`/niiza-cctv`,N=class extends w{static styles=[k];static properties={context:{attribute:!1},busy:{state:!0},error:{state:!0},refused:{state:!0}};constructor(){super(),this.busy=``,this.error=``,this.refused=!1}async attempt(e,t){if(this.busy)return!1;this.busy=e,this.error=``,this.refused=!1;try{return await t(),!0}catch(e){return this.error=this.wording(e),this.refused=e instanceof Mt&&e.refusesPerson,!1}finally{this.busy=``}}wording(e){return zt(this.context.hass,this.context.t,e)}errorAlert(e=this.error){return e?v`<ha-alert alert-type="error" role="alert">${e}</ha-alert>`:x}},P=class extends N{static properties={...N.properties,changes:{type:Number},unread:{state:!0}};reading=!1;again=!1;constructor(){super(),this.changes=0,this.unread=``}willUpdate(e){e.has(`changes`)&&this.refresh()}async refresh(){if(this.reading)this.again=!0;else{this.reading=!0;try{do this.again=!1,await this.read(),this.unread=``;while(this.again)}catch(e){this.unread=this.wording(e)}finally{this.reading=!1}}}firstUpdated(){this.shadowRoot?.querySelector(`h1`)?.focus({preventScroll:!0})}};function Bt(e){history.pushState(null,``,`${M}/${e}`),window.dispatchEvent(new CustomEvent(`location-changed`))}async function Vt(e){try{return await navigator.clipboard.writeText(e),!0}catch{return!1}}function Ht(e,t,n,r){let i=document.createElement(`iframe`);i.title=e,i.style.cssText=`position:fixed;inline-size:0;block-size:0;border:0`,document.body.append(i);let a=i.contentDocument,o=i.contentWindow;if(!a||!o)return;a.title=e,a.documentElement.lang=n;let s=a.createElement(`style`);s.textContent=`
    @page { size: A4; margin: 20mm }
    body { font: 12pt/1.7 sans-serif; color: #000 }
    h1 { font-size: 16pt }${t}`,a.head.append(s);let c=a.createElement(`h1`);c.textContent=e,a.body.append(c,...r(a)),o.addEventListener(`afterprint`,()=>{i.remove()}),o.focus(),o.print()}function Ut(e,t){Ht(e,`
    dt { font-weight: bold; margin-block-start: 6mm }
    dd { margin: 0; overflow-wrap: anywhere; font-family: monospace }`,``,e=>{let n=e.createElement(`dl`);for(let[r,i]of t){let t=e.createElement(`dt`);t.textContent=r;let a=e.createElement(`dd`);a.textContent=i,n.append(t,a)}return[n]})}var Wt=1500,Gt={good:`○`,limit:`△`,bad:`×`,unknown:`?`,plain:`・`},Kt={fit:`○`,limits:`△`,unfit:`×`,unknown:`?`},qt={limits:`limit`,unfit:`bad`,unknown:`unknown`},Jt=[`onvif`,`read_back`,`index`,`event`,`log_in`],Yt=[`tested_by`,`witnessed_by`,`accepted_by`,`date`],Xt=`
    @page { size: A4; margin: 16mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
    body { font: 9.5pt/1.5 "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif }
    h1 { font-size: 15pt; margin: 0 0 3mm }
    h2 { font-size: 11.5pt; margin: 5mm 0 1.5mm; break-after: avoid }
    h3 { font-size: 9.5pt; margin: 3mm 0 0.5mm; break-after: avoid }
    p { margin: 0 0 2mm }
    table { border-collapse: collapse; inline-size: 100% }
    th, td { border: 0.3mm solid #555; padding: 1mm 2mm; text-align: start; vertical-align: top; overflow-wrap: anywhere }
    tr { break-inside: avoid }
    thead { display: table-header-group }
    .verdict { white-space: nowrap; font-weight: bold }
    .whole { border: 0.5mm solid #000; padding: 2mm 3mm; margin-block: 3mm; break-inside: avoid }
    .whole p:first-child { font-size: 13pt; font-weight: bold }
    .small { font-size: 8.5pt }
    .duties th:nth-child(1) { inline-size: 27% }
    .duties th:nth-child(2) { inline-size: 20% }
    .signatures { margin-block: 5mm; break-inside: avoid }
    .signatures td { block-size: 16mm }
    .signatures th { inline-size: 25% }
    .last { margin-block-start: 4mm }
    section { break-inside: avoid }
    ul { list-style: none; margin: 0; padding: 0 }
    li { padding-inline-start: 1.4em; text-indent: -1.4em; overflow-wrap: anywhere }
    li span { display: inline-block; inline-size: 1.4em; text-indent: 0 }`,Zt=class extends P{static properties={...P.properties,camera:{},shown:{state:!0},answers:{state:!0},agreed:{state:!0}};static styles=[k,o`
      .page {
        max-width: 860px;
      }
      progress {
        inline-size: 100%;
      }
      h3 {
        font-size: 1rem;
        margin: 16px 0 4px;
      }
      .whole {
        font-size: 1.25rem;
        font-weight: 600;
      }
      table {
        border-collapse: collapse;
        inline-size: 100%;
      }
      th,
      td {
        border-block-end: 1px solid var(--divider-color);
        padding: 8px;
        text-align: start;
        vertical-align: top;
      }
      .verdict {
        white-space: nowrap;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        overflow-wrap: anywhere;
        padding-inline-start: 1.6em;
        text-indent: -1.6em;
      }
      li span {
        display: inline-block;
        inline-size: 1.6em;
        text-indent: 0;
      }
      pre {
        background: var(--secondary-background-color);
        max-block-size: 24rem;
        overflow: auto;
        padding: 12px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      summary {
        cursor: pointer;
        min-block-size: 44px;
        align-content: center;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `];timer;constructor(){super(),this.camera=``,this.agreed=!1}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}get language(){return this.context.hass.language.startsWith(`ja`)?`ja`:`en`}async read(){clearTimeout(this.timer),this.shown=await this.context.api.acceptance(this.camera,this.language),this.shown.running&&this.isConnected&&(this.timer=setTimeout(()=>{this.refresh()},Wt))}async start(){this.answers=void 0,this.agreed=!1,await this.attempt(`start`,()=>this.context.api.startAcceptance(this.camera,this.language)),await this.refresh()}async cancel(){await this.attempt(`cancel`,()=>this.context.api.cancelAcceptance()),await this.refresh()}async look(){await this.attempt(`answers`,async()=>{this.answers=await this.context.api.acceptanceAnswers(this.camera)})}save(e){let t=URL.createObjectURL(new Blob([e.text],{type:`application/json`})),n=document.createElement(`a`);n.href=t,n.download=e.name,n.click(),setTimeout(()=>{URL.revokeObjectURL(t)},Wt)}print(e){let{t,clock:n}=this.context;Ht(t(`acceptance.of`,{camera:e.camera_name}),Xt,this.language,r=>{let i=(e,t=``,n=``,...i)=>{let a=r.createElement(e);return a.textContent=t,n&&(a.className=n),a.append(...i),a},a=e=>i(`ul`,``,``,...e.map(e=>i(`li`,``,``,i(`span`,Gt[e.mark]),r.createTextNode(e.text))));return[i(`p`,this.when(e)),i(`p`,e.ending_text),a(this.identity(e)),i(`div`,``,`whole`,i(`p`,this.verdict(e)),i(`p`,t(`acceptance.then_${e.verdict}`)),...this.deciding(e).length?[i(`p`,t(`acceptance.because`)),a(this.deciding(e))]:[]),i(`p`,t(`acceptance.signs`),`small`),i(`p`,t(`acceptance.sign_apart`),`small`),i(`h2`,t(`acceptance.duties`)),i(`table`,``,`duties`,i(`thead`,``,``,i(`tr`,``,``,...[`duty`,`result`,`reasons`].map(e=>i(`th`,t(`acceptance.${e}`))))),i(`tbody`,``,``,...e.duties.map(e=>i(`tr`,``,``,i(`td`,`${e.duty} ${e.name}`),i(`td`,`${Kt[e.verdict]} ${e.verdict_text}`,`verdict`),i(`td`,``,``,a(e.reasons)))))),i(`table`,``,`signatures`,i(`tr`,``,``,...Yt.map(e=>i(`th`,t(`acceptance.${e}`)))),i(`tr`,``,``,...Yt.map(()=>i(`td`)))),i(`section`,``,``,i(`h2`,t(`acceptance.words`)),i(`ul`,``,`small`,...Jt.map(e=>i(`li`,t(`acceptance.word_${e}`))))),i(`h2`,t(`acceptance.details`)),i(`p`,t(`acceptance.details_help`),`small`),...this.details(e).map(e=>i(`section`,``,``,i(`h3`,e.name),a(e.said))),i(`p`,t(`acceptance.printed`,{at:n.at((/* @__PURE__ */ new Date()).toISOString())}),`small last`)]})}when(e){let{t,clock:n}=this.context;return t(`acceptance.when`,{at:n.at(e.started),person:e.by?.name??t(`history.nobody`),seconds:e.seconds,version:e.version})}changed(e,t){let n=new Map(t.duties.map(e=>[e.duty,e]));return e.duties.flatMap(e=>{let t=n.get(e.duty);return t&&t.verdict!==e.verdict?[this.context.t(`acceptance.changed`,{duty:`${e.duty} ${e.name}`,before:`${Kt[t.verdict]} ${t.verdict_text}`,now:`${Kt[e.verdict]} ${e.verdict_text}`})]:[]})}identity(e){return e.parts.find(e=>e.step===`identity`)?.said??[]}details(e){return e.parts.filter(e=>e.step!==`identity`&&e.said.length>0)}deciding(e){return e.duties.filter(t=>t.duty!==`F8`&&t.verdict===e.verdict).flatMap(t=>t.reasons.filter(t=>t.mark===qt[e.verdict]).map(e=>({...e,text:`${t.duty} ${e.text}`})))}verdict(e){let t=`${Kt[e.verdict]} ${e.verdict_text}`;return this.context.t(`acceptance.verdict`,{verdict:t})}said(e){return v`<ul>
      ${e.map(e=>v`<li><span aria-hidden="true">${Gt[e.mark]}</span>${e.text}</li>`)}
    </ul>`}report(e,t=!0){let{t:n}=this.context;return v`<ha-card>
        <p>${this.when(e)}</p>
        <p>${e.ending_text}</p>
        ${e.recorded?x:v`<ha-alert alert-type="warning">${n(`acceptance.unrecorded`)}</ha-alert>`}
        ${this.said(this.identity(e))}
        <p class="whole">${this.verdict(e)}</p>
        <p>${n(`acceptance.then_${e.verdict}`)}</p>
        ${this.deciding(e).length?v`<h3>${n(`acceptance.because`)}</h3>
              ${this.said(this.deciding(e))}`:x}
        <p class="soft small">${n(`acceptance.signs`)} ${n(`acceptance.sign_apart`)}</p>
        <p class="buttons">
          <button
            type="button"
            @click=${()=>{this.print(e)}}
          >
            <ha-icon icon="mdi:printer"></ha-icon>${n(`acceptance.print`)}
          </button>
        </p>
        ${t?v`<p class="soft small">${n(`acceptance.kept`)}</p>`:x}
        <h2>${n(`acceptance.duties`)}</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">${n(`acceptance.duty`)}</th>
              <th scope="col">${n(`acceptance.result`)}</th>
              <th scope="col">${n(`acceptance.reasons`)}</th>
            </tr>
          </thead>
          <tbody>
            ${e.duties.map(e=>v`<tr>
                  <td>${e.duty} ${e.name}</td>
                  <td class="verdict">${Kt[e.verdict]} ${e.verdict_text}</td>
                  <td>${this.said(e.reasons)}</td>
                </tr>`)}
          </tbody>
        </table>
      </ha-card>
      <ha-card>
        <h2>${n(`acceptance.details`)}</h2>
        <p class="soft small">${n(`acceptance.details_help`)}</p>
        ${this.details(e).map(e=>v`<h3>${e.name}</h3>${this.said(e.said)}`)}
        <h3>${n(`acceptance.words`)}</h3>
        <ul class="soft small">
          ${Jt.map(e=>v`<li>${n(`acceptance.word_${e}`)}</li>`)}
        </ul>
      </ha-card>`}earlier(e,t){let{t:n}=this.context,r=this.changed(e,t);return v`<ha-card>
        <h2>${n(`acceptance.before`)}</h2>
        <p>${this.when(t)}</p>
        <p>${this.verdict(t)}</p>
        ${r.length?v`<ul>
              ${r.map(e=>v`<li><span aria-hidden="true">・</span>${e}</li>`)}
            </ul>`:v`<p>${n(`acceptance.unchanged`)}</p>`}
      </ha-card>
      <details>
        <summary>${n(`acceptance.before_whole`)}</summary>
        ${this.report(t,!1)}
      </details>`}given(e){let{t}=this.context,{answers:n}=this;return v`<ha-card>
      <h2>${t(`acceptance.answers`)}</h2>
      <p>${t(`acceptance.answers_help`)}</p>
      ${n?v`<p>
              ${t(`acceptance.answers_are`,{answers:n.answers,left:n.left_out})}
            </p>
            <pre tabindex="0">${n.text}</pre>
            <label class="choice"
              ><input
                type="checkbox"
                .checked=${this.agreed}
                @change=${e=>{this.agreed=e.target.checked}}
              />${t(`acceptance.agree`)}</label
            >
            <button
              type="button"
              ?disabled=${!this.agreed}
              @click=${()=>{this.save(n)}}
            >
              <ha-icon icon="mdi:content-save"></ha-icon>${t(`acceptance.save`)}
            </button>`:e?v`<button type="button" ?disabled=${!!this.busy} @click=${()=>void this.look()}>
              ${t(`acceptance.look`)}
            </button>`:v`<p>${t(`acceptance.answers_gone`)}</p>`}
    </ha-card>`}running(){let{t:e}=this.context,t=this.shown?.running;return t?v`<ha-card>
      <p role="status">
        ${e(t.camera===this.shown?.camera?`acceptance.running`:`acceptance.running_elsewhere`,{camera:t.camera_name,step:t.step_text,percent:Math.round(100*t.share)})}
      </p>
      <progress max="1" .value=${t.share} aria-label=${e(`acceptance.heading`)}></progress>
      <button type="button" class="plain" ?disabled=${!!this.busy} @click=${()=>void this.cancel()}>
        ${e(`acceptance.cancel`)}
      </button>
    </ha-card>`:x}render(){let{t:e}=this.context,{shown:t}=this;return v`<div class="page">
      <p><a href="${M}/settings">${e(`settings.back`)}</a></p>
      <h1 tabindex="-1">
        ${t?e(`acceptance.of`,{camera:t.camera_name}):e(`acceptance.heading`)}
      </h1>
      <p>${e(`acceptance.help`)}</p>
      ${this.errorAlert(this.unread)} ${this.errorAlert()}
      ${t||this.unread?x:v`<p role="status">${e(`common.loading`)}</p>`}
      ${this.running()}
      ${t?.may&&!t.running?v`<button type="button" ?disabled=${!!this.busy} @click=${()=>void this.start()}>
            <ha-icon icon="mdi:clipboard-check-outline"></ha-icon>${e(t.report?`acceptance.again`:`acceptance.start`)}
          </button>`:x}
      ${t?.unreadable?v`<ha-alert alert-type="warning">${e(`acceptance.kept_unreadable`)}</ha-alert>`:x}
      ${t?.report?v`${this.report(t.report)} ${this.given(t.report.has_answers)}`:x}
      ${t?.report&&t.before?this.earlier(t.report,t.before):x}
    </div>`}},F={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Qt=e=>(...t)=>({_$litDirective$:e,values:t}),$t=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:en}=ze,tn=e=>e,nn=e=>e.strings===void 0,rn=()=>document.createComment(``),an=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new en(r.insertBefore(rn(),i),r.insertBefore(rn(),i),e,e.options);else{let t=n._$AB.nextSibling,a=n._$AM,o=a!==e;if(o){let t;n._$AQ?.(e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==a._$AU&&n._$AP(t)}if(t!==i||o){let e=n._$AA;for(;e!==t;){let t=tn(e).nextSibling;tn(r).insertBefore(e,i),e=t}}}return n},I=(e,t,n=e)=>(e._$AI(t,n),e),on={},sn=(e,t=on)=>e._$AH=t,cn=e=>e._$AH,ln=e=>{e._$AR(),e._$AA.remove()},un=Qt(class extends $t{constructor(e){if(super(e),e.type!==F.PROPERTY&&e.type!==F.ATTRIBUTE&&e.type!==F.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!nn(e))throw Error("`live` bindings can only contain a single expression")}render(e){return e}update(e,[t]){if(t===b||t===x)return t;let n=e.element,r=e.name;if(e.type===F.PROPERTY){if(t===n[r])return b}else if(e.type===F.BOOLEAN_ATTRIBUTE){if(!!t===n.hasAttribute(r))return b}else if(e.type===F.ATTRIBUTE&&n.getAttribute(r)===t+``)return b;return sn(e),t}});function dn(e,t,n){let r=j(e,`fields.${t}`,t);return n?j(e,`fields.disclosure_${t}`,r):r}function fn(e,t,n){let r=j(e,`help.${t}`,``);return n?j(e,`help.disclosure_${t}`,r):r}function pn(e){return v`<span class="mark">${e(`common.required`)}</span>`}function L({name:e,help:t}){return t?`${e}-help`:x}function R(e,t,n){let{name:r,label:i,required:a,help:o,className:s}=t;return v`<div class="field ${s??``}">
    <label for=${r}>${i} ${a?pn(e):x}</label>
    ${o?v`<span class="soft small" id=${L(t)}>${o}</span>`:x} ${n}
    <span
      class="wrong small"
      aria-live="polite"
      id="${r}-wrong"
      data-missing=${e(`common.fill_in`)}
      data-late=${e(`common.in_future`)}
      hidden
    ></span>
  </div>`}function mn(e){return un(e)}function z(e,t){let{name:n,type:r=`text`,suggestions:i=[]}=t,a=i.length>1?`${n}-suggestions`:void 0;return R(e,t,v`<input
        id=${n}
        type=${r}
        step=${r===`datetime-local`||r===`number`?`1`:x}
        max=${t.max??x}
        pattern=${t.pattern??x}
        maxlength="200"
        autocomplete="off"
        list=${a??x}
        ?required=${t.required}
        ?disabled=${t.disabled}
        aria-describedby=${t.describedBy??L(t)}
        .value=${mn(t.value)}
        @input=${e=>{t.setValue(e.target.value)}}
      />${a?v`<datalist id=${a}>${i.map(e=>v`<option value=${e}></option>`)}</datalist>`:x}`)}function hn(e,t){return R(e,t,v`<textarea
      id=${t.name}
      maxlength="1000"
      ?required=${t.required}
      ?disabled=${t.disabled}
      aria-describedby=${L(t)}
      .value=${t.value}
      @input=${e=>{t.setValue(e.target.value)}}
    ></textarea>`)}function B(e,t={}){gn(e);for(let[n,r]of Object.entries(t))e.querySelector(n)?.setCustomValidity(r??``);let[n]=_n(e).filter(e=>!yn(e));return!n||(n.scrollIntoView({block:`center`}),vn(n)?n.focus({preventScroll:!0}):n.reportValidity(),!1)}function gn(e){for(let t of _n(e))t.setCustomValidity(``),t.hasAttribute(`aria-invalid`)&&yn(t)}function _n(e){return[...e.querySelectorAll(`input, select, textarea`)]}function vn(e){return e.closest(`.field`)?.querySelector(`.wrong`)??null}function yn(e){let t=!e.willValidate||e.validity.valid,n=vn(e);return n&&(t?(e.removeAttribute(`aria-invalid`),e.removeAttribute(`aria-errormessage`)):(e.hasAttribute(`aria-invalid`)||e.addEventListener(`input`,()=>yn(e),{once:!0}),e.setAttribute(`aria-invalid`,`true`),e.setAttribute(`aria-errormessage`,n.id)),n.textContent=t?``:bn(e,n.dataset),n.hidden=t),t}function bn({validity:e,validationMessage:t},{missing:n=``,late:r=``}){return e.valueMissing&&!e.badInput?n:e.rangeOverflow?r:t}var xn=(e,t,n)=>{let r=/* @__PURE__ */ new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},Sn=Qt(class extends $t{constructor(e){if(super(e),e.type!==F.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=cn(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,m=a.length-1;for(;d<=f&&p<=m;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=I(i[d],a[p]),d++,p++;else if(s[f]===o[m])c[m]=I(i[f],a[m]),f--,m--;else if(s[d]===o[m])c[m]=I(i[d],a[m]),an(e,c[m+1],i[d]),d++,m--;else if(s[f]===o[p])c[p]=I(i[f],a[p]),an(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=xn(o,p,m),u=xn(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=an(e,i[d]);I(t,a[p]),c[p]=t}else c[p]=I(n,a[p]),an(e,i[d],n),i[t]=null;p++}else ln(i[f]),f--}else ln(i[d]),d++;for(;p<=m;){let t=an(e,c[m+1]);I(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&ln(e)}return this.ut=o,sn(e,c),b}});function V(e,t){return t?`${t.width}×${t.height}`:e(`settings.unknown`)}function Cn(e,t){if(t===null)return e(`settings.unknown`);let n=Math.round(t);if(!n)return e(`settings.clock_right`);let r=Math.abs(n),i=[[Math.floor(r/3600),`board.hours`],[Math.floor(r/60)%60,`board.minutes`],[r%60,`board.seconds`]];return e(n>0?`settings.clock_ahead`:`settings.clock_behind`,{length:i.flatMap(([t,n])=>t?[e(n,{count:t})]:[]).join(` `)})}function wn(e,t,n){switch(t){case`ntp`:return n===`dhcp`?e(`settings.by_dhcp`):e(`settings.by_ntp`,{server:n??e(`settings.unknown`)});case`manual`:return e(`settings.by_hand`);default:return e(`settings.unknown`)}}function Tn(e,t,n=!1){if(`audio`in t)return e(t.audio.length?`settings.audio_on`:`settings.audio_off`);if(`profiles`in t){let r=t.profiles.map(t=>t.recorded?e(`settings.recorded_size`,{size:V(e,t)}):V(e,t));return n?r.join(` / `):e(`settings.${t.mode}_sizes`,{sizes:r.join(` / `)})}let r=t.offset===null?null:Number(t.offset);return e(`settings.clock_values`,{mode:wn(e,t.mode,t.ntp),offset:Cn(e,r)})}var En=2;function Dn(e,t,n){let r=n.filter(On);return r.length?v`<ul class="small">
        ${r.map(n=>v`<li class="with-icon">
              <ha-icon icon=${n.known===`measured`&&!n.twice?`mdi:clock-check`:`mdi:clock-alert`}></ha-icon>
              <span>${kn(e,t,n)} ${n.twice?e(`find.clock_twice`):x}</span>
            </li>`)}
      </ul>`:x}function On({known:e,ahead:t,ahead_until:n,twice:r}){return e!==`measured`||r||Math.max(Math.abs(t),Math.abs(n))>En}function kn(e,t,{start:n,end:r,ahead:i,known:a,measured:o,doubt:s}){let[c=``,l=``]=o??[];return e(`find.clock_${a}`,{start:t.at(n),end:t.at(r),offset:Cn(e,i),from:c&&t.at(c),to:l&&t.at(l),doubt:Math.ceil(s)})}var An=/* @__PURE__ */ new Set([`received`,`preserved`,`approved`,`released`]),jn={add_clip:`request_clips`,register_footage:`register_footage`,propose:`propose_decision`,approve:`approve`,reject:`reject`,release:`release`,hand_over:`hand_over`,conclude:`conclude`,keep_open:`keep_open`,purge:`purge`},Mn={not_allowed_needs_exporter:`why.not_exporter`,not_allowed_needs_approver:`why.not_approver`},Nn={not_allowed_own_case:`why.own_request`,not_allowed_own_approval:`why.own_approval`,clips_not_sealed:`why.still_fetching`,clips_failed:`why.still_fetching`,case_not_downloaded:`why.not_downloaded`};function H(e,t){return t.kinds.find(t=>t.kind===e.kind)?.decided_by_proposal??!1}function Pn(e,t){return[...Fn(e,t),...e.questions?[`keep_open`]:[]]}function Fn(e,t){let n=[`add_clip`,`register_footage`],r=e.passages.some(e=>e.state===`sealed`);if(H(e,t)&&An.has(e.state))return[...In(e,n),`reject`];switch(e.state){case`received`:return[...n,`conclude`,`reject`];case`preserved`:return[`approve`,...n,`conclude`,`reject`];case`approved`:return[e.only_by_hand?`hand_over`:`release`,`conclude`,...n,`reject`];case`released`:return[`hand_over`,`release`,`conclude`,`reject`];case`handed_over`:return r?[`purge`,`approve`]:[];case`concluded`:case`rejected`:case`expired`:return r?[`purge`]:[];case`purged`:return[]}}function In(e,t){if(e.waits_for_approval)return[`approve`,`propose`,...t];switch(e.state){case`released`:return[`hand_over`,`release`,`propose`];case`approved`:return Ln(e)?[`propose`,...t]:[e.way===`copy`?`release`:`conclude`,`propose`,...t];case`preserved`:return[`propose`,...t];default:return[...t,`propose`]}}function Ln({decide_by:e}){return e!==null}function Rn(e,t){return Pn(e,t).flatMap((n,r)=>{let i=jn[n],a=e.refusals[i]??``,o=Mn[a];if(o)return r===0?[{act:n,why:o}]:[];let s=e.offers.includes(i);if(!t.ledger.available&&(s||a in Nn))return[{act:n,why:`why.ledger_down`}];if(s)return[{act:n,why:null}];let c=Nn[a];return c?[{act:n,why:c}]:[]})}function zn(e){return e.state===`received`&&e.failed>0&&!e.fetching}function Bn(e,t){if(H(e,t)&&An.has(e.state))return Vn(e);switch(e.state){case`received`:return zn(e)?`next.failed`:e.fetching?`next.fetching`:`next.find`;case`preserved`:return`next.approve`;case`approved`:return e.only_by_hand?`next.hand_over_by_hand`:`next.release`;case`released`:return`next.hand_over`;case`handed_over`:case`concluded`:case`rejected`:case`expired`:return`next.purge`;case`purged`:return`next.nothing`}}function Vn(e){if(e.waits_for_approval)return`next.decision_approve`;switch(e.state){case`released`:return`next.decision_hand_over`;case`approved`:return Ln(e)?`next.decision_propose`:e.way===`copy`?`next.decision_release`:e.way===`view`?`next.decision_view`:`next.decision_conclude`;case`preserved`:return`next.decision_propose`;default:return zn(e)?`next.decision_failed`:e.fetching?`next.fetching`:`next.decision_find`}}function Hn(e,t){return H(e,t)?e.waits_for_approval?`proposed`:e.state===`approved`&&!Ln(e)?`decided`:e.state===`concluded`&&e.way===`view`?`shown`:e.state:e.state}function Un(e,t){if(!H(e,t))return[`received`,`preserved`,`approved`,`released`,`handed_over`,`purged`];let n=Hn(e,t);if(n===`received`||n===`preserved`)return[`received`,`preserved`,`proposed`,`decided`,`carried_out`,`purged`];let r=[`proposed`,`decided`];return e.way===`copy`?[`received`,`preserved`,...r,`released`,`handed_over`,`purged`]:e.way===`view`?[`received`,`preserved`,...r,`shown`,`purged`]:[`received`,...r,`concluded`,`purged`]}var Wn={preserved:[`propose_decision`],approved:[`release`,`hand_over`,`conclude`],released:[`hand_over`]};function Gn(e){return e.questions&&e.offers.includes(`keep_open`)?!0:e.waits_for_approval?e.offers.includes(`approve`):(zn(e)?[`request_clips`]:Wn[e.state]??[]).some(t=>e.offers.includes(t))}function Kn(e,t){return e===null?null:(new Date(e).getTime()-t.getTime())/36e5}var qn=class{language;timeZone;full;day;brief;local;constructor(e,t){this.language=e,this.timeZone=t;let n={year:`numeric`,month:`short`,day:`numeric`,weekday:`short`},r={hour:`2-digit`,minute:`2-digit`,second:`2-digit`,hourCycle:`h23`};this.full=new Intl.DateTimeFormat(e,{timeZone:t,...n,...r}),this.brief=new Intl.DateTimeFormat(e,{timeZone:t,month:`short`,day:`numeric`,hour:`2-digit`,minute:`2-digit`,hourCycle:`h23`}),this.day=new Intl.DateTimeFormat(e,{timeZone:t,...n}),this.local=new Intl.DateTimeFormat(`sv-SE`,{timeZone:t,dateStyle:`short`,timeStyle:`medium`})}at(e){return this.full.format(new Date(e))}short(e){return this.brief.format(new Date(e))}date(e){return this.day.format(new Date(e))}zoneName(){return new Intl.DateTimeFormat(this.language,{timeZone:this.timeZone,timeZoneName:`long`}).formatToParts().find(e=>e.type===`timeZoneName`)?.value??this.timeZone}tenths(e){return`${this.at(e)}.${Math.floor(e.getUTCMilliseconds()/100)}`}timeOfDay(e){return`${this.field(e).slice(11)}.${Math.floor(e.getUTCMilliseconds()/100)}`}field(e){return this.local.format(new Date(e)).replace(` `,`T`)}moment(e){let t=Date.parse(`${U(e)}Z`);if(Number.isNaN(t))return null;let n=t-this.offset(new Date(t));return new Date(t-this.offset(new Date(n)))}iso(e){let t=Math.round(this.offset(e)/6e4),n=t<0?`-`:`+`,r=e=>String(Math.floor(e)).padStart(2,`0`),i=String(e.getUTCMilliseconds()).padStart(3,`0`);return`${this.field(e)}.${i}${n}${r(Math.abs(t)/60)}:${r(Math.abs(t)%60)}`}offset(e){return Date.parse(`${this.field(e)}Z`)-Math.floor(e.getTime()/1e3)*1e3}};function U(e){return/T\d\d:\d\d$/.test(e)?`${e}:00`:e}function Jn(e,t,n){let[r,i,a]=[e,t,n].map(e=>new Date(e).getTime());return a<=i?0:Math.min(100,Math.max(0,(r-i)/(a-i)*100))}function W(e){let t=Math.max(0,Math.round(e)),n=[Math.floor(t/3600),Math.floor(t%3600/60),t%60];return(n[0]?n:n.slice(1)).map((e,t)=>t?String(e).padStart(2,`0`):String(e)).join(`:`)}var Yn={received:`mdi:inbox-arrow-down`,preserved:`mdi:lock-check`,approved:`mdi:check-decagram`,released:`mdi:package-variant-closed-check`,handed_over:`mdi:handshake`,concluded:`mdi:flag-checkered`,rejected:`mdi:close-octagon`,expired:`mdi:timer-off`,purged:`mdi:delete-empty`,proposed:`mdi:scale-balance`,decided:`mdi:gavel`,shown:`mdi:eye-check`,carried_out:`mdi:handshake`};function Xn(e,t){switch(t){case`proposed`:case`decided`:case`shown`:case`carried_out`:return e(`stages.${t}`);default:return e(`states.${t}`)}}var Zn={add_clip:`mdi:movie-plus`,register_footage:`mdi:usb-flash-drive`,propose:`mdi:scale-balance`,approve:`mdi:check-decagram`,reject:`mdi:close-octagon`,release:`mdi:package-variant-closed-check`,hand_over:`mdi:handshake`,conclude:`mdi:flag-checkered`,keep_open:`mdi:folder-clock`,purge:`mdi:delete`};function Qn(e,t,n,r){return t===`release`&&n.state===`released`?e(`do.release_again`):t===`propose`&&n.decision?e(`do.propose_again`):j(e,`do.${t}${r?`_decision`:``}`,e(`do.${t}`))}var $n=/* @__PURE__ */ new Set([`purge`,`reject`]);function er(e,t){let n=Kn(t,/* @__PURE__ */ new Date);return n===null||n>=48?x:v`<span class="chip risk"
    ><ha-icon icon="mdi:timer-alert"></ha-icon>${n>0?e(`cases.at_risk`,{hours:Math.floor(n)}):e(`cases.lost`)}</span
  >`}function G(e,t,{start:n,end:r}){return e(`clip.span`,{start:t.at(n),end:t.at(r)})}function tr(e,t,n,r,i){let a=e=>Jn(e,t.start,t.end);return v`<div class="bar" role="img" aria-label=${e(`find.bar`,{gaps:n.length})}>
    ${n.map(e=>v`<div
          class="gap"
          style="inset-inline-start:${a(e.start)}%;inline-size:${a(e.end)-a(e.start)}%"
        ></div>`)}
    ${i?nr(a(i.start??t.start),a(i.end??t.end)):x}
    ${r===void 0?x:v`<div class="now" style="inset-inline-start:calc(${a(r)}% - 1px)"></div>`}
  </div>`}function nr(e,t){return v`<div class="marked" style="inset-inline-start:${e}%;inline-size:${Math.max(0,t-e)}%"></div>`}function rr(e,t,n){let r=({start:n,end:r,reason:i,decided_at:a})=>{let o=a?t.at(a):``,s={start:t.at(n),end:t.at(r),decided_at:o},c=e(`find.gap`,s);return i?j(e,`find.gap_${i}`,c,s):c};return n.length?v`<ul class="small">
        ${n.map(e=>v`<li class="with-icon"><ha-icon icon="mdi:filmstrip-off"></ha-icon>${r(e)}</li>`)}
      </ul>`:x}function K(e,t,n,r=``){return e.localize(`component.niiza_cctv.exceptions.${t}.message`,{camera:n,case:r})||t}function ir(e,t,n){return j(e,`failures.${t}`,``,{camera:n})||void 0}function ar(e,t,n){return n.error?K(e,n.error,n.camera_name):n.stretches.length?n.gaps.length?t(`find.partly`):t(`find.complete`):t(`find.nothing`)}var or={cameras:``,start:``,end:``,margin:`60`},sr=8,cr=[0,10,30,60,300];function lr(e){return!!(e.cameras||e.start||e.end)}function ur(e){return e.cameras.split(`
`).filter(Boolean)}function dr(e){let t=ur(e),[n,r]=[U(e.start),U(e.end)];return!t.length||!n||!r||n>=r?null:{cameras:t,start:n,end:r,margin:Number(e.margin)}}function fr({t:e,clock:t},n,r){let i=t.field(/* @__PURE__ */ new Date),a=n&&r&&n>=r?{"#end":e(`find.end_first`)}:{};for(let[t,o]of[[`#start`,n],[`#end`,r]])o>i&&(a[t]=e(`find.in_future`));return a}var pr=class extends N{static properties={...N.properties,typed:{attribute:!1},caseId:{type:String},required:{type:Boolean},found:{state:!0},watched:{state:!0},looked:{state:!0}};static styles=[k,o`
      :host {
        display: grid;
        gap: 16px;
      }
      .found {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        margin-block-end: 16px;
        padding-inline-start: 16px;
      }
      .search {
        flex-wrap: nowrap;
        margin-block-end: 8px;
      }
      .search span {
        flex: none;
      }
      /* The rest of the form stays in reach. */
      .many {
        max-block-size: 320px;
        overflow-y: auto;
        padding: 2px;
      }
    `];foundFor=null;constructor(){super(),this.typed=or,this.caseId=``,this.required=!1,this.watched=``,this.looked=``}willUpdate(e){e.has(`typed`)&&this.found&&!this.covered()&&(this.found=void 0,this.watched=``)}covered(){let e=dr(this.typed),t=this.foundFor;return e!==null&&t!==null&&e.cameras.join()===t.cameras.join()&&e.start>=t.start&&e.end<=t.end}needed(){return this.required||lr(this.typed)}reportValidity(){return B(this.renderRoot,this.needed()?this.complaints():{})}complaints(){let{cameras:e,start:t,end:n}=this.typed;return{...e?{}:{"input[name=camera]":this.context.t(`find.choose_camera`)},...fr(this.context,U(t),U(n))}}change(e){this.typed={...this.typed,...e},gn(this.renderRoot),this.dispatchEvent(new CustomEvent(`typed`,{detail:this.typed}))}toggle(e,t){let n=new Set(ur(this.typed));t?n.add(e):n.delete(e),this.change({cameras:[...n].join(`
`)})}async find(){let e=dr(this.typed);this.reportValidity()&&e&&await this.attempt(`find`,async()=>{let{cameras:t,start:n,end:r}=e;this.found=await this.context.api.findRecordings({cameras:t,start:n,end:r},this.caseId||void 0),this.foundFor=e})}time(e){return z(this.context.t,{name:e,label:this.context.t(`find.${e}`),type:`datetime-local`,required:this.needed(),describedBy:`zone`,value:this.typed[e],setValue:t=>{this.change({[e]:t})}})}margin(){let{t:e}=this.context;return v`<div class="field">
      <label for="margin">${e(`find.margin`)}</label>
      <select
        id="margin"
        aria-describedby="margin-help"
        @change=${e=>{this.change({margin:e.target.value})}}
      >
        ${cr.map(t=>v`<option value=${t} ?selected=${this.typed.margin===String(t)}>
              ${t<60?e(`find.seconds`,{seconds:t}):e(`find.minutes`,{minutes:t/60})}
            </option>`)}
      </select>
    </div>`}cameras(){let{t:e,info:t}=this.context,n=ur(this.typed),r=t.cameras.length>sr,i=this.looked.trim().toLocaleLowerCase(),a=t.cameras.filter(({unique_id:e,name:t})=>!i||n.includes(e)||t.toLocaleLowerCase().includes(i));return v`<fieldset>
      <legend>${e(`find.cameras`)} ${this.needed()?pn(e):x}</legend>
      ${r?v`<div class="row search">
            <input
              id="by-name"
              type="search"
              autocomplete="off"
              placeholder=${e(`find.by_name`)}
              aria-label=${e(`find.by_name`)}
              .value=${this.looked}
              @input=${e=>{this.looked=e.target.value}}
              @keydown=${e=>{e.key===`Enter`&&e.preventDefault()}}
            />
            <span class="soft small" role="status">
              ${a.length?e(`find.chosen`,{count:n.length}):e(`find.no_camera`)}
            </span>
          </div>`:x}
      <div class="choices ${r?`many`:``}">
        ${Sn(a,({unique_id:e})=>e,({unique_id:e,name:t})=>v`<label class="choice"
              ><input
                type="checkbox"
                name="camera"
                .checked=${n.includes(e)}
                @change=${t=>{this.toggle(e,t.target.checked)}}
              />${t}</label
            >`)}
      </div>
      ${t.offline_cameras.length?v`<p class="soft small">
            ${e(`by_hand.offline_help`,{names:t.offline_cameras.map(e=>e.name).join(` / `)})}
          </p>`:x}
    </fieldset>`}result(e){let{t,clock:n}=this.context,{foundFor:r}=this,i=e.error||!e.stretches.length?`mdi:filmstrip-off`:e.gaps.length?`mdi:alert`:`mdi:check-circle`;return v`<li class="found">
      <h3>${e.camera_name}</h3>
      <p class="with-icon"><ha-icon icon=${i}></ha-icon> ${ar(this.context.hass,t,e)}</p>
      ${!e.error&&r?tr(t,r,e.gaps):x} ${rr(t,n,e.gaps)}
      ${this.reservations(e)} ${this.overwriting(e)}
      ${this.context.info.roles.includes(`viewer`)&&e.stretches.length?this.watchButton(e):x}
      ${this.watched===e.camera&&r?this.player(e,r):x}
    </li>`}reservations({error:e,exact:t,clocks:n}){let{t:r,clock:i}=this.context;return v`${!e&&!t?v`<p class="small soft">${r(`find.inexact`)}</p>`:x}
    ${Dn(r,i,n)}`}overwriting({overwritten_at:e}){let{t,clock:n}=this.context;return e?v`<p class="row">${t(`find.overwritten_at`,{at:n.at(e)})} ${er(t,e)}</p>`:x}watchButton({camera:e}){let t=this.watched===e;return v`<div>
      <button
        type="button"
        aria-expanded=${t}
        @click=${()=>{this.watched=t?``:e}}
      >
        <ha-icon icon=${t?`mdi:close`:`mdi:play`}></ha-icon>
        ${this.context.t(t?`watch.close`:`watch.open`)}
      </button>
    </div>`}player({camera:e,camera_name:t},n){return v`<niiza-cctv-watch
      .context=${this.context}
      .camera=${e}
      .cameraName=${t}
      .start=${n.start}
      .end=${n.end}
      .pick=${!0}
      @picked=${({detail:e})=>{this.change({[e.edge]:this.context.clock.field(e.at)})}}
    ></niiza-cctv-watch>`}render(){let{t:e,clock:t}=this.context;return v`
      ${this.cameras()}
      <div class="fields">
        ${this.time(`start`)} ${this.time(`end`)} ${this.margin()}
        <div class="soft small wide">
          <div id="zone">${e(`find.zone`,{zone:t.zoneName()})}</div>
          <div id="margin-help">${e(`find.margin_help`)}</div>
        </div>
      </div>
      <div class="row">
        <button type="button" ?disabled=${!!this.busy} @click=${this.find}>
          <ha-icon icon="mdi:movie-search"></ha-icon>${e(this.busy?`find.searching`:`find.search`)}
        </button>
        <span class="soft small">${e(`find.recorded`)}</span>
      </div>
      ${this.errorAlert()}
      <div role="status">
        ${this.found?v`<ul>
              ${this.found.map(e=>this.result(e))}
            </ul>`:x}
      </div>
    `}},mr=`[0-9A-Fa-f]{64}`;function hr(e,t){return e[t]?.trim()??``}function gr(e){return e.found!==`no`}function _r(e){return{start:U(hr(e,`start`)),end:U(hr(e,`end`))}}function vr(e){let t=t=>hr(e,t),n=gr(e),r=t(`clock_offset`);return{camera:t(`camera`),..._r(e),second_person:t(`second_person`),found:n,clock_offset:r?Number(r):void 0}}function yr(e){let t=gr(e)?[`note`,`medium`,`medium_serial`,`sha256`]:[`note`];return Object.fromEntries(t.map(t=>[t,hr(e,t)]))}var br=class extends N{static properties={...N.properties,typed:{attribute:!1}};static styles=[k,o`
      :host {
        display: grid;
        gap: 16px;
      }
    `];constructor(){super(),this.typed={}}reportValidity(){let{start:e,end:t}=_r(this.typed);return B(this.renderRoot,fr(this.context,e,t))}setField(e,t){gn(this.renderRoot),this.typed={...this.typed,[e]:t},this.dispatchEvent(new CustomEvent(`typed`,{detail:[e,t]}))}textField(e,t,n={}){return z(this.context.t,{name:e,label:t,value:this.typed[e]??``,help:j(this.context.t,`help.${e}`,``),setValue:t=>{this.setField(e,t)},...n})}choice(e,t,n,r=``){let i={name:e,label:t,help:r,required:!0};return R(this.context.t,i,v`<select
        id=${e}
        required
        aria-describedby=${L(i)}
        @change=${t=>{this.setField(e,t.target.value)}}
      >
        <option value=""></option>
        ${n.map(t=>v`<option value=${t.id} ?selected=${this.typed[e]===t.id}>${t.name}</option>`)}
      </select>`)}foundChoice(e){return v`<label class="choice"
      ><input
        type="radio"
        name="found"
        .checked=${gr(this.typed)===(e===`yes`)}
        @change=${()=>{this.setField(`found`,e)}}
      />${this.context.t(e===`yes`?`by_hand.found_yes`:`by_hand.found_no`)}</label
    >`}medium(){let{t:e}=this.context;return gr(this.typed)?v`${this.textField(`medium`,e(`fields.medium`),{required:!0,help:e(`by_hand.medium_help`)})}
    ${this.textField(`medium_serial`,e(`fields.medium_serial`),{required:!0})}
    ${this.textField(`sha256`,e(`by_hand.sha256`),{pattern:mr,help:e(`by_hand.sha256_help`)})}`:x}note(){let{t:e}=this.context;return hn(e,{name:`note`,label:e(`fields.note`),className:`wide`,value:this.typed.note??``,setValue:e=>{this.setField(`note`,e)}})}render(){let{t:e,info:t,clock:n}=this.context,r=[...t.offline_cameras,...t.cameras].map(e=>({id:e.unique_id,name:e.name})),i={required:!0,type:`datetime-local`};return v`
      <fieldset>
        <legend>${e(`by_hand.found`)}</legend>
        <div class="choices">${this.foundChoice(`yes`)} ${this.foundChoice(`no`)}</div>
      </fieldset>
      <div class="fields">
        ${this.choice(`camera`,e(`by_hand.camera`),r)}
        ${this.choice(`second_person`,e(`by_hand.second_person`),t.people,e(`by_hand.second_person_help`))}
        ${this.textField(`start`,e(`find.start`),i)} ${this.textField(`end`,e(`find.end`),i)}
        <p class="soft small wide">${e(`by_hand.times`,{zone:n.zoneName()})}</p>
        ${this.textField(`clock_offset`,e(`by_hand.clock`),{type:`number`,help:e(`by_hand.clock_help`)})}
        ${this.medium()} ${this.note()}
      </div>
    `}},xr={unused:`mdi:link-lock`,expired:`mdi:link-off`,broken_off:`mdi:download-off`,downloaded:`mdi:download-lock`,handed_over:`mdi:handshake`};function Sr({state:e,release:t},n){return t?e===`handed_over`?t.encrypted?`handed_over`:null:e===`released`?t.downloaded?`downloaded`:t.download_begun?`broken_off`:n<new Date(t.link_until)?`unused`:`expired`:null:null}function Cr({t:e},t,n){let{by:r,encrypted:i,remaining:a}=t,o=Math.floor(t.percent);return v`<div class="packing" role="group" aria-label=${e(`package.making`)}>
    <progress max="100" .value=${t.percent} aria-label=${e(`package.progress`)}>${o}%</progress>
    <div class="row spread small">
      <span>
        ${e(i?`package.encrypting`:`package.packing`)}
        ${a===null?x:v`・${e(`progress.remaining`,{time:W(a)})}`}
      </span>
      <span>${o}%</span>
    </div>
    <p class="small">${e(n?`package.stay`:`package.elsewhere`,{person:r.name})}</p>
  </div>`}function wr(e,t,n){let{t:r}=e,{release:i}=t,a=Sr(t,n);return!i||!a?x:v`<ha-card role="region" aria-labelledby="package-lost">
    <h2 id="package-lost" class="with-icon"><ha-icon icon=${xr[a]}></ha-icon>${r(`package.${a}_heading`)}</h2>
    <p>${r(`package.${a}`,Tr(e,i))}</p>
    ${i.encrypted&&a!==`handed_over`?v`<p>${r(`package.passphrase_${a}`)}</p>`:x}
    <p class="small soft">${r(Er(t,a))}</p>
  </ha-card>`}function Tr({clock:e},{by:t,at:n,link_until:r}){return{person:t.name,at:e.at(n),until:e.at(r)}}function Er({offers:e,refusals:t},n){return n===`handed_over`?`package.who_after`:e.includes(`release`)?`package.who_you`:t.release===`not_allowed_own_approval`?`package.who_not_approver`:`package.who_exporter`}function Dr(e){return e.release_items.filter(e=>!e.approved_by)}function Or({item:e,digest:t,hidden_pictures:n}){return{item:e,sha256:t,hidden_pictures:n}}function kr({t:e},t){return e(`items.${t.kind}`,{camera:t.camera_name,item:t.item})}function Ar({t:e,clock:t},n,r,i=!0){let{granted_start:a,granted_end:o,hidden_pictures:s}=n,c=s?v`<strong>${e(`items.hidden_count`,{count:s})}</strong>`:e(`items.nothing_hidden`);return v`<dl class="small">
    ${i?v`<dt>${e(`items.requested`)}</dt>
          <dd>${G(e,t,n)}</dd>`:x}
    ${i&&a&&o?v`<dt>${e(`items.granted`)}</dt>
          <dd>${G(e,t,{start:a,end:o})}</dd>`:x}
    ${n.kind===`cut`?v`<dt>${e(`items.hidden`)}</dt>
          <dd>${c}</dd>`:x}
    <dt>${r?e(`by_hand.entry_hash`):`SHA-256`}</dt>
    <dd class="mono">${n.digest}</dd>
  </dl>`}function q({hass:e},t,n){return e.localize(`component.niiza_cctv.selector.${t}.options.${n}`)||n}function jr(e){return e===`disclosed_in_full`||e===`disclosed_in_part`}function Mr(e){return e===`disclosed_in_part`||e===`refused`}function Nr(e,{outcome:t,way:n,grounds:r,reasons:i}){let{t:a}=e;return v`<dl>
    <dt>${a(`decision.outcome`)}</dt>
    <dd>${q(e,`case_decision`,t)}</dd>
    ${n?v`<dt>${a(`decision.way`)}</dt>
          <dd>${q(e,`case_way`,n)}</dd>`:x}
    ${r.length?v`<dt>${a(`decision.grounds`)}</dt>
          ${r.map(t=>v`<dd>${q(e,`case_ground`,t)}</dd>`)}`:x}
    ${i?v`<dt>${a(`decision.reasons`)}</dt>
          <dd>${i}</dd>`:x}
  </dl>`}function Pr({decision:e,release_items:t}){let n=t.map(({item:e})=>e);return!!e&&(e.items.length!==n.length||e.items.some(e=>!n.includes(e)))}function Fr({t:e,clock:t},{decide_by:n},r){if(!n)return x;let i=t.date(`${n}T12:00:00Z`);return t.field(r).slice(0,10)>n?v`<ha-alert alert-type="warning">${e(`decision.decide_late`,{day:i})}</ha-alert>`:v`<p>${e(`decision.decide_by`,{day:i})}</p>`}function Ir(e,t){let{t:n,clock:r}=e,{decision:i}=t;if(!i)return v`<ha-card><h2>${n(`decision.heading`)}</h2><p class="soft">${n(`decision.none`)}</p></ha-card>`;let{by:a,at:o,approved_by:s,approved_at:c}=i;return v`<ha-card>
    <div class="row spread">
      <h2>${n(s?`decision.heading_decided`:`decision.heading`)}</h2>
      <span class="chip"
        >${s&&c?n(`decision.approved`,{person:s.name,at:r.at(c)}):n(`decision.waits`)}</span
      >
    </div>
    <p class="soft">${n(`decision.proposed`,{person:a.name,at:r.at(o)})}</p>
    ${Pr(t)?v`<ha-alert alert-type="warning">${n(`decision.outdated`)}</ha-alert>`:x}
    ${Nr(e,i)}
    ${t.release_items.length?v`<h3>${n(`decision.items`)}</h3>
          <ul class="disclosed">
            ${t.release_items.map(t=>v`<li>${kr(e,t)} ${Ar(e,t,!1)}</li>`)}
          </ul>`:x}
  </ha-card>`}var Lr={signage:y`
    <path d="M6 84H114M42 84V12" />
    <path class="shade" d="M42 14 66 8 70 20 46 26Z" />
    <circle class="full" cx="67" cy="14.5" r="2.5" />
    <rect class="paper" x="18" y="34" width="48" height="28" rx="3" />
    <text x="42" y="46" class="small">防犯カメラ</text>
    <text x="42" y="56" class="small">作動中</text>
    <circle class="shade" cx="95" cy="48" r="6" />
    <path d="M95 54V70M95 58 86 64M95 58 104 62M95 70 89 84M95 70 101 84" />
    <path stroke-dasharray="3 4" d="M87 46 70 47" />
  `,sd_card:y`
    <path class="shade" d="M8 20H62V52H8Z" />
    <circle class="paper" cx="24" cy="36" r="9" />
    <circle class="full" cx="24" cy="36" r="3" />
    <path d="M42 46H58" />
    <path class="paper" d="M40 46H60V70L55 76H40Z" />
    <path d="M45 50V55M50 50V55M55 50V55" />
    <text x="50" y="69" class="small">07</text>
    <path class="mark" d="M70 60V36M63 43 70 36 77 43" />
    <path class="paper" d="M86 32H110V66L104 74H86Z" />
    <path d="M91 37V43M97 37V43M103 37V43" />
    <text x="98" y="62" class="small">08</text>
  `,clock_by_eye:y`
    <rect class="paper" x="6" y="14" width="60" height="44" rx="3" />
    <path d="M36 58V70M24 70H48" />
    <path class="shade" d="M10 54 26 36 36 46 44 40 62 54Z" />
    <text x="36" y="27">12:34:56</text>
    <circle class="paper" cx="93" cy="42" r="21" />
    <path d="M93 25V28M93 56V59M76 42H79M107 42H110" />
    <path d="M93 42 98 40M93 42 83 53" />
    <path class="mark" d="M93 42V31" />
    <path class="mark" d="M70 76H82M70 82H82" />
  `,contractor:y`
    <rect class="paper" x="10" y="10" width="44" height="62" rx="3" />
    <path d="M18 22H46M18 30H46M18 38H40M18 46H46" />
    <circle class="shade" cx="42" cy="60" r="6" />
    <rect class="paper" x="72" y="14" width="34" height="44" rx="3" />
    <rect class="paper" x="67" y="21" width="34" height="44" rx="3" />
    <rect class="paper" x="62" y="28" width="34" height="44" rx="3" />
    <path d="M70 38H88M70 46H88" />
    <path class="mark" d="M71 58 77 64 88 53" />
  `,settings_password_sealed:y`
    <rect class="shade" x="6" y="8" width="108" height="74" rx="4" />
    <rect class="paper" x="14" y="16" width="92" height="58" rx="3" />
    <path d="M14 28H9M14 62H9M106 36V54" />
    <rect class="paper" x="26" y="26" width="64" height="40" rx="2" />
    <path d="M26 27 58 48 90 27" />
    <circle class="full" cx="58" cy="47" r="6" />
    <path d="M33 60C36 54 38 64 42 58S46 62 49 58" />
    <path d="M68 60H84" />
  `,standard:y`
    <path class="paper" d="M60 22C48 14 28 14 12 20V74C28 68 48 68 60 76C72 68 92 68 108 74V20C92 14 72 14 60 22Z" />
    <path d="M60 22V76" />
    <path d="M20 32C30 29 42 29 52 33M20 42C30 39 42 39 52 43M20 52C30 49 42 49 52 53" />
    <path class="shade" d="M70 36 90 30 94 41 74 47Z" />
    <circle class="full" cx="91" cy="36" r="2" />
    <path d="M78 46V56" />
    <path class="mark" d="M84 57 89 62 98 51" />
  `,viewing_password:y`
    <rect class="paper" x="8" y="14" width="70" height="22" rx="4" />
    <path class="dots" d="M18 25H54" />
    <path class="mark" d="M86 17 102 33M102 17 86 33" />
    <rect class="paper" x="8" y="52" width="70" height="22" rx="4" />
    <path class="dots" d="M18 63H66" />
    <path class="mark" d="M86 63 93 70 106 55" />
    <path d="M43 38V48M39 44 43 48 47 44" />
  `,antivirus:y`
    <rect class="paper" x="8" y="10" width="104" height="68" rx="6" />
    <circle class="full" cx="104" cy="44" r="2" />
    <path class="shade" d="M38 20 58 26V44C58 56 49 63 38 68C27 63 18 56 18 44V26Z" />
    <path class="mark" d="M29 44 36 51 48 36" />
    <rect class="paper" x="70" y="22" width="26" height="24" rx="2" />
    <path d="M70 29H96M76 19V24M90 19V24" />
    <text x="83" y="42" class="small">7</text>
    <path d="M70 56H96M70 64H88" />
  `};function Rr(e,t){let n=Lr[e];return n?v`<svg viewBox="0 0 120 90" role="img" aria-label=${t||x}>${n}</svg>`:v`<ha-icon icon="mdi:eye"></ha-icon>`}var zr={section:`mdi:office-building`,camera:`mdi:cctv`,offline_camera:`mdi:cctv-off`,tablet:`mdi:tablet`},Br={passed:`mdi:check-circle`,failed:`mdi:alert-octagon`},Vr=864e5;function Hr(e,t,n){return n===`passed`?e(`checks.passed`):j(e,`failed.${t}`,e(`checks.failed`))}function Ur(e){let t=/* @__PURE__ */ new Map;for(let n of e){let{object:e}=n,r=`${e.kind}:${e.id}`,i=t.get(r)??{object:e,checks:[]};i.checks.push(n),t.set(r,i)}return[...t.values()]}function Wr(e){let t=({failed:e,due_at:t})=>e?0:t===null?2:1;return[...e].sort((e,n)=>t(e)-t(n)||(e.due_at??``).localeCompare(n.due_at??``))}function Gr({t:e},t){let n=j(e,`look_at.${t.kind}`,``).split(`
`).filter(Boolean);return n.length?v`<div class="look-at">
    ${Rr(t.kind,j(e,`look_at_picture.${t.kind}`,``))}
    <div>
      <strong>${e(`checks.look_at`)}</strong>
      <ol>
        ${n.map(e=>v`<li>${e}</li>`)}
      </ol>
    </div>
  </div>`:x}function Kr({t:e},t){let[n,r]=t.failed?[`mdi:alert-octagon`,e(`checks.is_failed`)]:t.due_at===null?[`mdi:help-circle`,e(`checks.is_never`)]:t.due?[`mdi:clock-alert`,qr(e,t.due_at)]:[`mdi:check-circle`,e(`checks.is_done`)];return v`<span class="chip ${t.due?`risk`:`done`}"><ha-icon icon=${n}></ha-icon>${r}</span>`}function qr(e,t){let n=Math.floor((Date.now()-new Date(t).getTime())/Vr);return n>0?e(`checks.is_overdue`,{days:n}):e(`checks.is_due`)}function Jr({t:e,clock:t},n){let{last:r}=n;return r?v`<span class="soft small">
    ${e(`checks.last`,{at:t.at(r.at),person:r.person.name,result:Hr(e,n.kind,r.result)})}
    ${n.due||n.due_at===null?x:v`<br />${e(`checks.next`,{at:t.date(n.due_at)})}`}
  </span>`:x}function Yr({t:e},t){let n=Object.entries(t.fields).filter(([,e])=>e);return v`${t.note?v`<p class="note">${t.note}</p>`:x}
  ${n.length?v`<dl class="small">
        ${n.map(([t,n])=>v`<dt>${j(e,`fields.${t}`,t)}</dt>
              <dd>${n}</dd>`)}
      </dl>`:x}`}var Xr=`hidden:`;function Zr({t:e},t){let{role:n,user:r,name:i,change:a,changed:o,pending:s,roles:c}=t,l=[],u=(t,n)=>l.push(e(`history.told`,{name:t,text:n}));if(typeof a==`string`&&u(e(`fields.change`),j(e,`history.${a}`,a)),typeof n==`string`){let t=Qr(r)??(typeof i==`string`?i:``);u($r(e,n),t),s===!0&&l.push(e(`kept.pending`))}if(Array.isArray(o))for(let n of o)typeof n==`string`&&u(ei(e,n),ti(e,t,n));if(typeof c==`object`&&c)for(let[t,n]of Object.entries(c))Array.isArray(n)&&n.length&&u($r(e,t),n.flatMap(e=>Qr(e)??[]).join(`, `));return l}function Qr(e){return typeof e==`object`&&e&&`name`in e?String(e.name):void 0}function $r(e,t){return j(e,`people.role_${t}`,t)}function ei(e,t){return j(e,`kept.${t.split(`.`)[0]??t}`,t)}function ti(e,{was:t,now:n},r){let i=t?.[r],a=n?.[r];return[i,a].some(e=>typeof e==`string`&&e.startsWith(Xr))||!(r in(t??{}))?e(`kept.hidden`):e(`kept.changed_to`,{was:ni(e,i),now:ni(e,a)})}function ni(e,t){return t==null||t===``?e(`kept.nothing`):typeof t==`boolean`?e(t?`kept.yes`:`kept.no`):typeof t==`string`||typeof t==`number`?String(t):JSON.stringify(t)}function ri(e,{seconds:t,of:n,every_picture:r,fastest:i}){let a=e(`watch.watched`,{seconds:W(t),of:W(n),percent:n?Math.floor(100*t/n):0});return r>=t?a:`${a} ${e(`watch.watched_fast`,{slowly:W(r),fastest:i/100})}`}function ii({of:e,every_picture:t,missing_from:n}){return n===null?0:Math.max(1,e-t)}function ai(e,t,n){let r=t?t.missing_from:0;return r===null?v`<p class="small with-icon"><ha-icon icon="mdi:check-circle"></ha-icon>${e(`watch.through`)}</p>`:v`<p class="small">${e(`watch.through_help`)}</p>
    <div class="row">
      <button type="button" ?disabled=${!n} @click=${()=>n?.(r)}>
        <ha-icon icon="mdi:eye-arrow-right"></ha-icon>${e(`watch.next_unwatched`)}
      </button>
    </div>`}var oi=/* @__PURE__ */ `what.reason.count.kind.setting.result.outcome.way.items.grounds.before.after.until.by.note.reasons.shown_to.present.recipient.medium.medium_serial.serial.sha256.clock_offset.witness.clip.item.cut_id.hidden_pictures.error.decision`.split(`.`);function si(e,t,n){let{t:r}=e,i=(e,t)=>r(`history.told`,{name:j(r,`fields.${e}`,e),text:t}),a=oi.flatMap(r=>{let a=fi(e,t,n,r,t.details[r]);return a?[i(r,a)]:[]});a.push(...Zr(e,t.details));for(let{watched_as_told_by_browser:r}of[t.details,...li(t.details.items)])a.push(...ui(e,r,n));a.push(...ci(e,t.details.served));let{fields:o}=t.details;if(typeof o==`object`&&o)for(let[e,t]of Object.entries(o))typeof t==`string`&&t&&a.push(i(e,t));return a}function ci({t:e,clock:t},n){return Array.isArray(n)?n.flatMap(n=>typeof n==`object`&&n&&`start`in n&&`end`in n?[e(`counter.served`,{span:G(e,t,{start:String(n.start),end:String(n.end)})})]:[]):[]}function li(e){return Array.isArray(e)?e.filter(e=>typeof e==`object`):[]}function ui({t:e},t,n){return typeof t!=`object`||!t?[]:Object.entries(t).flatMap(([t,r])=>{let i=di(r),a=n.camera(t),o=a?e(`history.clip`,{camera:a,clip:t}):t;return i?[e(`approval.told`,{clip:o,text:ri(e,i)})]:[]})}function di(e){if(typeof e!=`object`||!e)return null;let t=e,n=e=>typeof t[e]==`number`?t[e]:0;return{seconds:n(`seconds`),of:n(`of_seconds`),every_picture:n(`seconds_up_to_double_speed`),missing_from:null,fastest:n(`fastest_percent`)}}function fi(e,t,n,r,i){if(typeof i==`number`)return hi(e,r,i);if(typeof i==`object`)return gi(e,r,i);if(typeof i!=`string`||!i)return``;let{clip:a}=t.details,o=n.camera(typeof a==`string`?a:``)??``;return pi[r]?.({context:e,step:t,camera:o,caseId:n.case},i)??i}var pi={kind:mi,result:({context:{t:e},step:{details:t}},n)=>n===`passed`||n===`failed`?Hr(e,typeof t.kind==`string`?t.kind:``,n):n,setting:({context:{t:e}},t)=>j(e,`setting.${t}`,t),shown_to:({context:{t:e}},t)=>j(e,`counter.${t}`,t),outcome:({context:e,step:t},n)=>t.action===`decision_proposed`?q(e,`case_decision`,n):j(e.t,`outcomes.${n}`,n),way:({context:e},t)=>q(e,`case_way`,t),by:({context:{t:e}},t)=>j(e,`by.${t}`,t),until:({context:{clock:e}},t)=>e.at(t),clip:({context:{t:e},camera:t},n)=>t?e(`history.clip`,{camera:t,clip:n}):n,error:({context:{t:e,hass:t},camera:n},r)=>ir(e,r,n)??K(t,r,n),what:({context:{t:e,hass:t}},n)=>j(e,`deeds.${n.replace(/_case$/,``)}`,``)||t.localize(`component.niiza_cctv.services.${n}.name`)||n,reason:({context:e,step:t,camera:n,caseId:r},i)=>t.action===`refused`?K(e.hass,i,n,r):t.action===`alerts_muted`?q(e,`mute_reason`,i):i};function mi({context:{hass:e},step:{details:t}},n){if(!(`object_kind`in t))return``;let{kind_name:r}=t;return typeof r==`string`?r:e.localize(`component.niiza_cctv.selector.check_kind.options.${n}`)||n}function hi({t:e},t,n){return t===`clock_offset`?Cn(e,n):t===`hidden_pictures`||t===`count`&&n>1?String(n):``}function gi(e,t,n){let{t:r}=e;return n===null?``:t===`grounds`&&Array.isArray(n)?n.map(t=>q(e,`case_ground`,String(t))).join(`、`):t===`items`?Array.isArray(n)?``:Object.keys(n).join(`、`):t===`witness`?`name`in n?String(n.name):``:`audio`in n||`profiles`in n||`mode`in n?Tn(r,n,t===`before`):``}var _i=class extends P{static properties={...P.properties,caseId:{type:String},shown:{state:!0},asking:{state:!0},released:{state:!0},playing:{state:!0},item:{state:!0},marked:{state:!0}};static styles=[k,o`
      .way {
        counter-reset: step;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .way li {
        align-items: center;
        border-block-start: 4px solid var(--divider-color);
        color: var(--secondary-text-color);
        display: flex;
        flex: 1 1 100px;
        gap: 8px;
        padding-block-start: 8px;
      }
      .way li.past {
        border-color: var(--success-color);
      }
      .way li[aria-current] {
        border-color: var(--primary-color);
        color: var(--primary-text-color);
        font-weight: 500;
      }
      .here {
        font-size: 1.35rem;
        margin-block: 20px 4px;
      }
      .next {
        font-size: 1.1rem;
      }
      .offers {
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 240px), 1fr));
        margin-block-start: 16px;
      }
      .offers p {
        margin-block-start: 6px;
      }
      .offers button {
        inline-size: 100%;
      }
      h3 {
        margin-block: 16px 4px;
      }
      .clips {
        display: grid;
        gap: 16px;
      }
      .history {
        border-inline-start: 2px solid var(--divider-color);
        display: grid;
        gap: 14px;
        margin-inline-start: 6px;
        padding-inline-start: 20px;
      }
      .history li {
        /* Hashes are longer than a phone is wide. */
        overflow-wrap: anywhere;
        position: relative;
      }
      .history li::before {
        background: var(--card-background-color);
        block-size: 10px;
        border: 2px solid var(--secondary-text-color);
        border-radius: 50%;
        content: "";
        inline-size: 10px;
        inset-block-start: 7px;
        inset-inline-start: -28px;
        position: absolute;
      }
      .history li.refused::before {
        background: var(--error-color);
        border-color: var(--error-color);
        border-radius: 0;
      }
    `];constructor(){super(),this.caseId=``,this.asking=``,this.item=``}willUpdate(e){e.has(`caseId`)&&(this.shown=void 0,this.released=void 0,this.asking=``,this.marked=void 0,this.refresh()),super.willUpdate(e)}async read(){let e=this.caseId,t=await this.context.api.getCase(e);e===this.caseId&&(this.shown=t)}ask(e,t=``){this.error=``,this.item=t,this.asking=e}async runErrand({name:e,run:t}){await this.attempt(e,async()=>{await t(),await this.refresh()})&&e===`cut_clip`&&(this.marked=void 0)}mark(e){this.error=``,this.marked=e}async carryOut({act:e,carryOut:t}){await this.attempt(e,async()=>{let e=await t();e&&(this.released=e),this.asking=``,await this.refresh()})}async cancelClip(e){await this.attempt(e.clip,async()=>{await this.context.api.cancelClip(e.clip),await this.refresh()})}async sealEarly(e){await this.attempt(e.clip,async()=>{await this.context.api.sealEarly(e.clip),await this.refresh()})}async retryClip(e){let{api:t}=this.context;await this.attempt(e.clip,async()=>{e.state===`failed`&&await t.cancelClip(e.clip);let{camera:n,start:r,end:i}=e;await t.exportClip(this.caseId,{cameras:[n],start:r,end:i,margin:0}),await this.refresh()})}way(e){let{t,info:n}=this.context,r=Un(e,n),i=r.indexOf(Hn(e,n));return i<0?x:v`<ol class="way" aria-label=${t(`case.way`)}>
      ${r.map((e,n)=>v`<li class=${n<i?`past`:``} aria-current=${n===i?`step`:x}>
            <ha-icon icon=${n<i?`mdi:check`:Yn[e]}></ha-icon>
            <span>${Xn(t,e)}</span>
          </li>`)}
    </ol>`}offer({act:e,why:t},n,r){let{t:i,info:a}=this.context,o=n&&!(e===`propose`&&r.decision),s=$n.has(e)?`danger`:o?`main`:``;return v`<div>
      <button
        class=${t?``:s}
        ?disabled=${t!==null}
        aria-describedby=${t?`why-${e}`:x}
        @click=${()=>{this.ask(e)}}
      >
        <ha-icon icon=${Zn[e]}></ha-icon>${Qn(i,e,r,H(r,a))}
      </button>
      ${t?v`<p class="small soft" id="why-${e}">${i(t)}</p>`:x}
    </div>`}deadlines(e){let{t,clock:n}=this.context,r=An.has(e.state);return v`${e.overwritten_at&&r?v`<p class="row">
          ${t(`case.overwritten_at`,{at:n.at(e.overwritten_at)})} ${er(t,e.overwritten_at)}
        </p>`:x}
    ${e.questions?v`<ha-alert alert-type="warning">${t(`case.silent`)}</ha-alert>`:x}
    ${e.kept_until?v`<p class="soft">
          ${t(r?`case.expires`:`case.removed_at`,{at:n.at(e.kept_until)})}
        </p>`:x}`}next(e){let{t,info:n}=this.context,r=Hn(e,n);return v`<ha-card>
      ${this.way(e)}
      <h2 class="with-icon here">
        <ha-icon icon=${Yn[r]}></ha-icon>${Xn(t,r)}
      </h2>
      <p class="next">${t(Bn(e,n))}</p>
      ${Fr(this.context,e,/* @__PURE__ */ new Date)} ${this.deadlines(e)}
      <div class="offers">
        ${Rn(e,n).map((t,n)=>this.offer(t,n===0,e))}
      </div>
      ${this.asking||this.marked?x:this.errorAlert()}
    </ha-card>`}package(e){let{t}=this.context;return e.packing&&this.asking!==`release`?v`<ha-card><h2>${t(`package.making`)}</h2>${Cr(this.context,e.packing,this.busy===`release`)}</ha-card>`:this.released?An.has(e.state)?v`<niiza-cctv-case-package
      .context=${this.context}
      .released=${this.released}
    ></niiza-cctv-case-package>`:x:wr(this.context,e,/* @__PURE__ */ new Date)}counted({clip:e,watched:t}){if(!this.shown)return;let n=this.shown.passages.map(n=>n.clip===e?{...n,watched:t}:{...n,cuts:n.cuts.map(n=>n.cut===e?{...n,watched:t}:n),masks:n.masks.map(n=>n.mask===e?{...n,watched:t}:n)});this.shown={...this.shown,passages:n}}step(e){return this.asking?v`<niiza-cctv-case-step
      .context=${this.context}
      .shown=${e}
      .act=${this.asking}
      .item=${this.item}
      .running=${this.busy}
      .failure=${this.error}
      @watched-counted=${e=>{this.counted(e.detail)}}
      @submitted=${e=>void this.carryOut(e.detail)}
      @dismissed=${()=>{this.ask(``)}}
    ></niiza-cctv-case-step>`:x}cutting(){return this.marked?v`<niiza-cctv-cut-form
      .context=${this.context}
      .marked=${this.marked}
      .running=${this.busy}
      .failure=${this.error}
      @submitted=${e=>void this.runErrand(e.detail)}
      @dismissed=${()=>{this.mark(void 0)}}
    ></niiza-cctv-cut-form>`:x}leaving(e){return H(e,this.context.info)?Ir(this.context,e):!e.release_items.length&&!e.offers.includes(`choose_for_release`)?x:v`<niiza-cctv-case-release
      .context=${this.context}
      .shown=${e}
      .paused=${!!this.busy}
      @approving=${e=>{this.ask(`approve`,e.detail)}}
    ></niiza-cctv-case-release>`}clip(e,t){return v`<li>
      <niiza-cctv-case-clip
        @watched-counted=${e=>{this.counted(e.detail)}}
        .context=${this.context}
        .clip=${e}
        .caseState=${t.state}
        .takesClips=${t.offers.includes(`request_clips`)}
        .paused=${!!this.busy}
        .covered=${!!(this.asking||this.marked)}
        .playing=${this.playing?.clip===e.clip?this.playing.player:``}
        @cancelled=${()=>void this.cancelClip(e)}
        @sealed-early=${()=>void this.sealEarly(e)}
        @retried=${()=>void this.retryClip(e)}
        @played=${({detail:t})=>{this.playing=t?{clip:e.clip,player:t}:void 0}}
      ></niiza-cctv-case-clip>
    </li>`}footage(e){let{t}=this.context;return v`<ha-card>
      <h2>${t(`case.footage`)}</h2>
      ${e.passages.length?v`<ul class="clips">
            ${e.passages.map(t=>this.clip(t,e))}
          </ul>`:v`<p class="soft">${t(`case.no_footage`)}</p>`}
    </ha-card>`}papers(e){let{t,info:n}=this.context,r=H(e,n);return v`<ha-card>
      <h2>${t(`case.request`)}</h2>
      <dl>
        ${Object.entries(e.request).map(([e,n])=>n?v`<dt>${dn(t,e,r)}</dt>
                <dd>${n}</dd>`:x)}
      </dl>
    </ha-card>`}history(e){return v`<ha-card>
      <h2>${this.context.t(`case.history`)}</h2>
      <ol class="history">
        ${e.history.map(t=>this.historyEntry(t,e))}
      </ol>
    </ha-card>`}historyEntry(e,t){let{t:n,clock:r}=this.context,i=si(this.context,e,{case:this.caseId,camera:e=>t.passages.find(t=>t.clip===e)?.camera_name});return v`<li class=${e.action===`refused`?`refused`:``}>
      <div class="row">
        <strong>${j(n,`history.${e.action}`,e.action)}</strong>
        <span>${e.person?.name??n(`history.nobody`)}</span>
      </div>
      <time class="soft small" datetime=${e.at}>${r.at(e.at)}</time>
      ${i.map(e=>v`<div class="small">${e}</div>`)}
    </li>`}unknown(){let{t:e}=this.context;return v`<div class="page">
      <h1 tabindex="-1">${this.caseId}</h1>
      ${this.unread?this.errorAlert(this.unread):v`<p role="status">${e(`common.loading`)}</p>`}
      <p><a href="${M}/cases">${e(`case.back`)}</a></p>
    </div>`}render(){let{t:e}=this.context,{shown:t}=this;return t?v`<div
      class="page"
      @errand=${e=>void this.runErrand(e.detail)}
      @cut-marked=${e=>{this.mark(e.detail)}}
    >
      <p><a class="with-icon" href="${M}/cases"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`case.back`)}</a></p>
      <h1 tabindex="-1">${e(`case.heading`,{case:t.case,kind:e(`kinds.${t.kind}`)})}</h1>
      ${this.errorAlert(this.unread)} ${this.next(t)} ${this.package(t)} ${this.step(t)}
      ${this.cutting()} ${this.leaving(t)} ${this.footage(t)} ${this.papers(t)} ${this.history(t)}
    </div>`:this.unknown()}},vi={authentic:`mdi:shield-check`,pictures_missing:`mdi:shield-alert`,not_authentic:`mdi:shield-remove`,not_signed:`mdi:shield-off`,not_checked:`mdi:shield-off`};function yi(e,t,n,r=0){if(!n)return x;let{state:i,until:a,spans:o,more_spans:s,trust:c,signer:l,fingerprint:u,certificate_from:d}=n;return v`<p class="small with-icon">
      <ha-icon icon=${vi[i]}></ha-icon>
      <span
        >${e(`clip.signed_${i}`,{until:a?t.at(a):e(`clip.signed_nothing`)})}
        ${c?e(`clip.key_${c}`,{signer:l,fingerprint:u}):x}
        ${d?e(`clip.certificate_${d}`):x} ${r?e(`clip.read_on`,{count:r}):x}</span
      >
    </p>
    ${o.length?v`<ul class="small">
          ${o.map(({start:n,end:r,verdict:i})=>v`<li>${t.tenths(new Date(n))}–${t.tenths(new Date(r))}: ${e(`clip.verdict_${i}`)}</li>`)}
          ${s?v`<li>${e(`clip.signed_more`,{count:s})}</li>`:x}
        </ul>`:x}`}var bi={request:`mdi:file-remove-outline`,confirm:`mdi:account-check`,decline:`mdi:undo`},xi={request:`cut.withdraw`,confirm:`cut.confirm`,decline:`cut.decline`},Si={request:`cut.withdraw_question`,confirm:`cut.confirm_question`};function Ci(e,{item:t,steps:n},r,i){return n.map(n=>{let a=Si[n];return v`<button
      class=${n===`confirm`?`danger`:`flat`}
      ?disabled=${r}
      @click=${()=>{(!a||window.confirm(e(a,{item:t})))&&i(n)}}
    >
      <ha-icon icon=${bi[n]}></ha-icon>${e(xi[n])}
    </button>`})}var wi=class extends N{static properties={...N.properties,cut:{attribute:!1},cameraName:{type:String},paused:{type:Boolean},covered:{type:Boolean},playing:{type:Boolean}};static styles=[k,o`
      :host {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        padding-inline-start: 16px;
      }
    `];constructor(){super(),this.cameraName=``,this.paused=!1,this.covered=!1,this.playing=!1}errand(e){let t={name:this.cut.cut,run:e};this.dispatchEvent(new CustomEvent(`errand`,{detail:t,bubbles:!0,composed:!0}))}facts(e){let{t,clock:n}=this.context,{pictures:r,hidden_pictures:i}=e,a=e.encoded_anew?t(`cut.not_original`):i?t(`cut.hidden`,{count:i}):t(`cut.nothing_hidden`);return v`<p class="small">
        ${t(`cut.facts`,{pictures:r,first:n.at(e.first_picture),last:n.at(e.last_picture)})}
        <strong>${a}</strong>
      </p>
      ${yi(t,n,e.signing)}
      <details>
        <summary class="small">${t(`clip.hashes`)}</summary>
        <dl class="small">
          ${[e.file,e.viewing_copy].map(e=>e?v`<dt>${e.name}</dt>
                  <dd class="mono">${t(`clip.size`,{mb:(e.size/1e6).toFixed(1)})} ${e.sha256}</dd>`:x)}
        </dl>
      </details>`}buttons(){let{t:e,api:t}=this.context,{cut:n}=this;return v`<div class="row">
      ${n.state===`sealed`?v`<button
            aria-expanded=${this.playing}
            @click=${()=>{this.playing=!this.playing}}
          >
            <ha-icon icon=${this.playing?`mdi:close`:`mdi:play-box-lock`}></ha-icon>${e(this.playing?`watch.close`:`cut.watch`)}
          </button>`:x}
      ${n.offers.includes(`cancel_clip`)?v`<button
            ?disabled=${this.paused}
            @click=${()=>{this.errand(()=>t.cancelClip(n.cut))}}
          >
            <ha-icon icon="mdi:cancel"></ha-icon>${e(`cut.cancel`)}
          </button>`:x}
      ${Ci(e,{item:n.cut,steps:n.withdrawal_steps,withdrawal:n.withdrawal},this.paused,e=>{this.errand(()=>t.withdrawClip(n.cut,e))})}
    </div>`}render(){let{t:e,clock:t,hass:n}=this.context,{cut:r}=this;return v`<div class="row spread">
        <h4>${e(r.encode_anew?`cut.copy`:`cut.name`,{cut:r.cut})}</h4>
        <span class="chip ${r.state===`failed`?`risk`:``}">${e(`cut.${r.state}`)}</span>
      </div>
      <p>${G(e,t,r)}</p>
      ${r.state===`requested`?v`<progress max="100" .value=${r.percent??0} aria-label=${e(`cut.requested`)}></progress>`:x}
      ${r.error?v`<ha-alert alert-type="warning">${K(n,r.error,this.cameraName)}</ha-alert>`:x}
      ${r.sealed?this.facts(r.sealed):x} ${Ti(this.context,r.withdrawal,r.state)}
      ${this.buttons()}
      ${this.playing&&r.state===`sealed`?v`<niiza-cctv-sealed
            .context=${this.context}
            .clip=${r.cut}
            .cameraName=${this.cameraName}
            .covered=${this.covered}
          ></niiza-cctv-sealed>`:x}`}};function Ti({t:e,clock:t},n,r){return n&&r===`sealed`?v`<ha-alert alert-type="warning"
        >${e(`cut.withdrawal`,{person:n.by.name,at:t.at(n.at)})}</ha-alert
      >`:x}function Ei(e,t){return`${M}/mask/${e.slice(0,e.lastIndexOf(`-`))}/${t}`}var Di=class extends N{static properties={...N.properties,mask:{attribute:!1},clip:{attribute:!1},paused:{type:Boolean},covered:{type:Boolean},playing:{type:Boolean},showing:{type:Boolean}};static styles=[k,o`
      :host {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        padding-inline-start: 16px;
      }
    `];constructor(){super(),this.paused=!1,this.covered=!1,this.playing=!1,this.showing=!1}errand(e){let t={name:this.mask.mask,run:e};this.dispatchEvent(new CustomEvent(`errand`,{detail:t,bubbles:!0,composed:!0}))}trouble(e){let{hass:t}=this.context;return v`<ha-alert alert-type="warning">${t.localize(`component.niiza_cctv.exceptions.${e}.message`,this.mask.error_placeholders)||e}</ha-alert>`}facts(e){let{t,clock:n}=this.context,{file:r}=e;return v`<p>
        ${t(`mask.passage`,{start:n.at(e.first_picture),end:n.at(e.last_picture)})}
      </p>
      <p class="small">
        ${t(`mask.facts`,{pictures:e.pictures,revealed:e.revealed})}
        ${e.damaged?t(`mask.damaged`,{count:e.damaged}):x}
        <strong>${t(`cut.not_original`)}</strong>
      </p>
      <details>
        <summary class="small">${t(`clip.hashes`)}</summary>
        <dl class="small">
          <dt>${r.name}</dt>
          <dd class="mono">${t(`clip.size`,{mb:(r.size/1e6).toFixed(1)})} ${r.sha256}</dd>
        </dl>
      </details>`}buttons(){let{t:e,api:t}=this.context,{mask:n}=this;return v`<div class="row">
      ${n.state===`sealed`?v`<button
              aria-expanded=${this.playing}
              @click=${()=>{this.playing=!this.playing}}
            >
              <ha-icon icon=${this.playing?`mdi:close`:`mdi:play-box-lock`}></ha-icon>${e(this.playing?`watch.close`:`cut.watch`)}
            </button>
            ${Oi(this.context,this.clip.clip,n.mask)}`:x}
      ${n.offers.includes(`show_at_counter`)?v`<button
            class="main"
            ?disabled=${this.paused}
            @click=${()=>{this.playing=!1,this.showing=!0}}
          >
            <ha-icon icon="mdi:monitor-eye"></ha-icon>${e(`counter.show`)}
          </button>`:x}
      ${n.offers.includes(`cancel_clip`)?v`<button
            ?disabled=${this.paused}
            @click=${()=>{this.errand(()=>t.cancelClip(n.mask))}}
          >
            <ha-icon icon="mdi:cancel"></ha-icon>${e(`mask.cancel`)}
          </button>`:x}
      ${Ci(e,{item:n.mask,steps:n.withdrawal_steps,withdrawal:n.withdrawal},this.paused,e=>{this.errand(()=>t.withdrawClip(n.mask,e))})}
    </div>`}render(){let{t:e}=this.context,{mask:t}=this;return v`<div class="row spread">
        <h4>${e(`mask.name`,{mask:t.mask})}</h4>
        <span class="chip ${t.state===`failed`?`risk`:``}">${j(e,`mask.${t.state}`,t.state)}</span>
      </div>
      ${t.state===`requested`?v`<progress max="100" .value=${t.percent??0} aria-label=${e(`mask.requested`)}></progress>`:x}
      ${t.error?this.trouble(t.error):x} ${t.sealed?this.facts(t.sealed):x}
      <p class="small">
        ${e(`mask.looks`,{fill:j(e,`mask.fill_${t.fill}`,t.fill),marking:t.marking??e(`mask.marking_none`)})}
      </p>
      ${Ti(this.context,t.withdrawal,t.state)} ${this.buttons()}
      ${this.playing&&t.state===`sealed`?v`<niiza-cctv-sealed
            .context=${this.context}
            .clip=${t.mask}
            .cameraName=${this.clip.camera_name}
            .covered=${this.covered}
            .through=${!0}
          ></niiza-cctv-sealed>`:x}
      ${this.showing?v`<niiza-cctv-counter-form
            .context=${this.context}
            .mask=${t.mask}
            .cameraName=${this.clip.camera_name}
            @dismissed=${()=>{this.showing=!1}}
          ></niiza-cctv-counter-form>`:x}`}};function Oi({t:e},t,n){return v`<a class="button" href=${Ei(t,n)}
    ><ha-icon icon="mdi:compare"></ha-icon>${e(`mask.review`)}</a
  >`}function ki({t:e,clock:t},{sealed_early:n}){return n?v`<ha-alert alert-type="warning"
        >${e(`clip.sealed_early`,{person:n.by.name,at:t.at(n.at)})}</ha-alert
      >`:x}function Ai({t:e},t){let{progress:n,rest_of:r,start:i,end:a}=t,o=Math.round((Date.parse(a)-Date.parse(i))/1e3),s=t.state===`requested`?n:null;return v`${r?v`<p class="small soft">${e(`clip.rest_of`,{clip:r})}</p>`:x}
  ${s?.real_time?v`<p class="small">${e(`progress.real_time`,{time:W(o)})}</p>`:x}
  ${s?.stalled?v`<ha-alert alert-type="info">${e(`clip.stalled`)}</ha-alert>`:x}`}var ji={requested:`mdi:progress-download`,sealed:`mdi:lock-check`,failed:`mdi:alert-circle`,cancelled:`mdi:cancel`,withdrawn:`mdi:file-remove`,removed:`mdi:delete-empty`},Mi={requested:[`card`],sealed:[`sealed`,`card`],failed:[`card`],cancelled:[`card`],withdrawn:[],removed:[]};function Ni(e){return e.by_hand?e.by_hand.network===`none`?[]:[`card`]:Mi[e.state]}var Pi=class extends N{static properties={...N.properties,clip:{attribute:!1},caseState:{type:String},takesClips:{type:Boolean},paused:{type:Boolean},playing:{type:String},covered:{type:Boolean}};static styles=[k,o`
      :host {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        display: grid;
        gap: 8px;
        padding: 16px;
      }
      details summary {
        cursor: pointer;
        min-block-size: 40px;
      }
    `];constructor(){super(),this.covered=!1,this.takesClips=!1,this.paused=!1,this.playing=``}tell(e){this.dispatchEvent(new CustomEvent(e))}cancel(){let e=this.clip.by_hand?`by_hand.withdraw_question`:`clip.cancel_question`;window.confirm(this.context.t(e,{camera:this.clip.camera_name}))&&this.tell(`cancelled`)}sealEarly(){let e=this.context.t(`clip.seal_early_question`,{camera:this.clip.camera_name});window.confirm(e)&&this.tell(`sealed-early`)}play(e){this.dispatchEvent(new CustomEvent(`played`,{detail:e}))}players(){if(this.caseState===`purged`)return[];let e=this.context.info.roles.includes(`viewer`);return Ni(this.clip).filter(t=>t===`sealed`||e)}waits(){return this.clip.state===`requested`||this.clip.state===`failed`}cut(){let{clip:e,start:t,end:n}=this.clip,r={clip:e,start:t,end:n};this.dispatchEvent(new CustomEvent(`cut-marked`,{detail:r,bubbles:!0,composed:!0}))}withdraw(e){let{api:t}=this.context,{clip:n}=this.clip,r={name:n,run:()=>t.withdrawClip(n,e)};this.dispatchEvent(new CustomEvent(`errand`,{detail:r,bubbles:!0,composed:!0}))}cancellable(){return this.clip.offers.includes(`cancel_clip`)}retriable(){let{by_hand:e,sealed_early:t,state:n}=this.clip,r=n===`failed`||n===`cancelled`||n===`sealed`&&!!t;return this.takesClips&&!e&&r}chip(){let{t:e}=this.context,{by_hand:t,state:n}=this.clip,[r,i]=t&&n===`sealed`?[`mdi:usb-flash-drive`,e(`by_hand.taken`)]:[ji[n],e(`clip.${n}`)];return v`<span class="chip ${n===`failed`?`risk`:``}"><ha-icon icon=${r}></ha-icon>${i}</span>`}progress(){let{t:e}=this.context,{progress:t,state:n,camera_name:r}=this.clip;if(!t||n!==`requested`)return x;let i=Math.floor(t.percent),a=[j(e,`progress.${t.state}`,t.state),t.state===`queued`&&t.place>0?e(`progress.place`,{place:t.place}):``,t.remaining===null?``:e(`progress.remaining`,{time:W(t.remaining)})].filter(Boolean);return v`<div>
      <progress max="100" .value=${t.percent} aria-label=${e(`progress.label`,{camera:r})}>${i}%</progress>
      <div class="row spread small"><span>${a.join(`・`)}</span><span>${i}%</span></div>
    </div>`}trouble(e){let{t,hass:n}=this.context,{camera_name:r,attempts:i,progress:a,state:o}=this.clip,s=K(n,e,r);return o===`requested`&&(a?.state===`retrieving`||a?.state===`writing`)?v`<p class="small soft">${t(`clip.setback`,{error:s})}</p>`:v`<ha-alert alert-type="warning"
      >${ir(t,e,r)??t(`clip.error`,{error:s,attempts:i})}</ha-alert
    >`}overwriting(e){let{t,clock:n}=this.context;return v`<p class="row small">${t(`find.overwritten_at`,{at:n.at(e)})} ${er(t,e)}</p>`}sealed(e){let{t,clock:n}=this.context;return v`
      <p class="small">
        ${t(`clip.facts`,{width:e.width,height:e.height,codec:e.codec.toUpperCase(),pictures:e.pictures,first:n.at(e.first_picture),last:n.at(e.last_picture)})}
        ${e.damaged?t(`clip.damaged`,{count:e.damaged}):x}
        ${e.signed_by_camera&&!e.signing?t(`clip.signed`):x}
        ${e.viewing_copy_due?t(`clip.copying`):x}
      </p>
      ${e.gaps.length?rr(t,n,e.gaps):v`<p class="small with-icon"><ha-icon icon="mdi:check-circle"></ha-icon>${t(`find.complete`)}</p>`}
      ${yi(t,n,e.signing,e.read_on)} ${Dn(t,n,e.clocks)} ${this.hashes(e)}
    `}hashes({master:e,viewing_copy:t}){let{t:n}=this.context;return v`<details>
      <summary class="small">${n(`clip.hashes`)}</summary>
      <dl class="small">
        ${[e,t].map(e=>e?v`<dt>${e.name}</dt>
                <dd class="mono">${n(`clip.size`,{mb:(e.size/1e6).toFixed(1)})} ${e.sha256}</dd>`:x)}
      </dl>
    </details>`}byHand(e){let{t}=this.context;return v`
      <p class="small">${t(`by_hand.not_here`)}</p>
      ${e.network===`none`?x:v`<ha-alert alert-type=${e.network===`up`?`warning`:`info`}
            >${t(e.network===`up`?`by_hand.was_up`:`by_hand.was_down`)}</ha-alert
          >`}
      <dl class="small">
        ${this.byHandRows(e).map(([e,t])=>t?v`<dt>${e}</dt>
                <dd class=${e===`SHA-256`?`mono`:``}>${t}</dd>`:x)}
      </dl>
    `}byHandRows(e){let{t}=this.context,{clock_offset:n,second_person:r}=e;return[[t(`by_hand.people`),t(`by_hand.two`,{person:this.clip.asked_by.name,second:r.name})],[t(`fields.medium`),e.medium],[t(`fields.medium_serial`),e.medium_serial],[`SHA-256`,e.sha256??t(`by_hand.no_hash`)],[t(`by_hand.clock`),n===null?t(`by_hand.clock_not_read`):Cn(t,n)],[t(`fields.note`),e.note]]}watchButton(e){let{t}=this.context,n=this.playing===e,r=e===`sealed`;return v`<button
      aria-expanded=${n}
      @click=${()=>{this.play(n?``:e)}}
    >
      <ha-icon icon=${n?`mdi:close`:r?`mdi:play-box-lock`:`mdi:play`}></ha-icon>${t(n?`watch.close`:r?`watch.open_sealed`:`watch.open_card`)}
    </button>`}buttons(e){let{t}=this.context;return v`<div class="row">
      ${e.map(e=>this.watchButton(e))}
      ${this.clip.offers.includes(`seal_early`)?v`<button ?disabled=${this.paused} @click=${this.sealEarly}>
            <ha-icon icon="mdi:movie-check"></ha-icon>${t(`clip.seal_early`)}
          </button>`:x}
      ${this.cancellable()?v`<button ?disabled=${this.paused} @click=${this.cancel}>
            <ha-icon icon="mdi:cancel"></ha-icon>${t(this.clip.by_hand?`by_hand.withdraw`:`clip.cancel`)}
          </button>`:x}
      ${this.retriable()?v`<button
            ?disabled=${this.paused}
            @click=${()=>{this.tell(`retried`)}}
          >
            <ha-icon icon="mdi:refresh"></ha-icon>${t(`clip.retry`)}
          </button>`:x}
      ${this.clip.offers.includes(`cut_clip`)?v`<button ?disabled=${this.paused} @click=${this.cut}>
            <ha-icon icon="mdi:content-cut"></ha-icon>${t(`cut.cut`)}
          </button>`:x}
      ${this.maskLink()}
      ${Ci(t,{item:this.clip.clip,steps:this.clip.withdrawal_steps,withdrawal:this.clip.withdrawal},this.paused,e=>{this.withdraw(e)})}
    </div>`}maskLink(){let{clip:e,offers:t}=this.clip;return t.includes(`mask_clip`)?v`<a class="button" href=${Ei(e,e)}
      ><ha-icon icon="mdi:account-eye"></ha-icon>${this.context.t(`mask.open`)}</a
    >`:x}masks(){return this.clip.masks.map(e=>v`<niiza-cctv-case-mask
          .context=${this.context}
          .mask=${e}
          .clip=${this.clip}
          .paused=${this.paused}
          .covered=${this.covered}
        ></niiza-cctv-case-mask>`)}cuts(){return this.clip.cuts.map(e=>v`<niiza-cctv-case-cut
          .context=${this.context}
          .cut=${e}
          .cameraName=${this.clip.camera_name}
          .paused=${this.paused}
          .covered=${this.covered}
        ></niiza-cctv-case-cut>`)}player(){let{clip:e}=this;switch(this.playing){case`sealed`:return v`<niiza-cctv-sealed
          .context=${this.context}
          .clip=${e.clip}
          .cameraName=${e.camera_name}
          .cuttable=${e.offers.includes(`cut_clip`)}
          .covered=${this.covered}
        ></niiza-cctv-sealed>`;case`card`:return v`<niiza-cctv-watch
          .context=${this.context}
          .camera=${e.camera}
          .cameraName=${e.camera_name}
          .start=${e.start}
          .end=${e.end}
          .kept=${e.state===`sealed`}
        ></niiza-cctv-watch>`;case``:return x}}render(){let{t:e,clock:t}=this.context,{clip:n}=this,r=this.players();return v`
      <div class="row spread">
        <h3>${n.camera_name}</h3>
        ${this.chip()}
      </div>
      <p>${G(e,t,n)}</p>
      ${this.progress()} ${Ai(this.context,n)} ${ki(this.context,n)}
      ${n.error&&this.waits()?this.trouble(n.error):x}
      ${n.overwritten_at&&this.waits()?this.overwriting(n.overwritten_at):x}
      ${n.sealed?this.sealed(n.sealed):x} ${n.by_hand?this.byHand(n.by_hand):x}
      ${Ti(this.context,n.withdrawal,n.state)} ${this.buttons(r)}
      ${r.some(e=>e===this.playing)?this.player():x} ${this.cuts()} ${this.masks()}
    `}},Fi=class extends N{static properties={...N.properties,released:{attribute:!1},downloaded:{state:!0},copied:{state:!0}};static styles=[k,o`
      .passphrase {
        border: 2px solid var(--primary-color);
        border-radius: 12px;
        font-size: 1.4rem;
        padding: 12px 16px;
        user-select: all;
      }
    `];constructor(){super(),this.downloaded=!1,this.copied=``}willUpdate(e){e.has(`released`)&&(this.downloaded=!1,this.copied=``)}updated(e){e.has(`released`)&&this.renderRoot.querySelector(`#package`)?.focus()}async copyPassphrase(e){this.copied=this.context.t(await Vt(e)?`release.copied`:`release.not_copied`)}markDownloaded(){setTimeout(()=>{this.downloaded=!0})}passphrase(e){let{t}=this.context;return v`<ha-alert alert-type="warning">${t(`release.passphrase_warning`)}</ha-alert>
      <p></p>
      <p class="passphrase mono" aria-label=${t(`release.passphrase`)}>${e}</p>
      <p class="row">
        <button @click=${()=>void this.copyPassphrase(e)}>
          <ha-icon icon="mdi:content-copy"></ha-icon>${t(`release.copy`)}
        </button>
        <span role="status">${this.copied}</span>
      </p>`}download({link:e,file:t,expires:n}){let{t:r,clock:i}=this.context;return this.downloaded?v`<p>${r(`release.downloaded`)}</p>`:v`<p class="row">
      <a class="button main" href=${e} download @click=${this.markDownloaded}
        ><ha-icon icon="mdi:download"></ha-icon>${r(`release.download`,{name:t.name})}</a
      >
      <span>${r(`release.once`,{at:i.at(n)})} ${r(`release.anyone`)}</span>
    </p>`}render(){let{t:e}=this.context,{released:t}=this;return v`<ha-card id="package" tabindex="-1" role="region" aria-labelledby="package-heading">
      <h2 id="package-heading">${e(`release.heading`)}</h2>
      ${t.passphrase?this.passphrase(t.passphrase):x} ${this.download(t)}
      <dl class="small">
        <dt>SHA-256</dt>
        <dd class="mono">${t.file.sha256}</dd>
      </dl>
    </ha-card>`}},Ii=class extends N{static properties={...N.properties,shown:{attribute:!1},paused:{type:Boolean},picked:{state:!0}};static styles=[k,o`
      ul {
        display: grid;
        gap: 16px;
        margin-block-end: 16px;
      }
      li {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        display: grid;
        gap: 8px;
        padding: 16px;
      }
    `];constructor(){super(),this.paused=!1}willUpdate(e){let t=e.get(`shown`);t&&t.case!==this.shown.case&&(this.picked=void 0)}choosable(){let{t:e}=this.context;return this.shown.passages.flatMap(t=>{let n=t.by_hand?`by_hand`:`clip`,r={id:t.clip,label:e(`items.${n}`,{camera:t.camera_name,item:t.clip})},i=t.cuts.filter(e=>e.state===`sealed`).map(n=>({id:n.cut,label:e(n.encode_anew?`items.viewing_copy`:`items.cut`,{camera:t.camera_name,item:n.cut})})),a=t.masks.filter(e=>e.state===`sealed`).map(n=>({id:n.mask,label:e(`items.masked`,{camera:t.camera_name,item:n.mask})}));return t.state===`sealed`?[r,...i,...a]:[]})}begin(){this.error=``,this.picked=new Set(this.shown.release_items.map(e=>e.item))}toggle(e,t){let n=new Set(this.picked);t?n.add(e):n.delete(e),this.picked=n}choose(){let e=[...this.picked??[]];if(!e.length){this.error=this.context.t(`items.choose_one`);return}let{api:t}=this.context;this.dispatchEvent(new CustomEvent(`errand`,{detail:{name:`choose_for_release`,run:async()=>{await t.chooseForRelease(this.shown.case,e),this.picked=void 0}},bubbles:!0,composed:!0}))}form(e){let{t}=this.context;return v`<fieldset>
        <legend>${t(`items.choose_help`)}</legend>
        <div class="choices">
          ${this.choosable().map(({id:t,label:n})=>v`<label class="choice"
                ><input
                  type="checkbox"
                  name="item"
                  value=${t}
                  .checked=${e.has(t)}
                  @change=${e=>{this.toggle(t,e.target.checked)}}
                />${n}</label
              >`)}
        </div>
      </fieldset>
      ${this.errorAlert()}
      <div class="row">
        <button
          class="flat"
          ?disabled=${this.paused}
          @click=${()=>{this.picked=void 0}}
        >
          ${t(`common.back`)}
        </button>
        <button class="main" ?disabled=${this.paused} @click=${this.choose}>${t(`items.choose_do`)}</button>
      </div>`}item(e){let{t,clock:n}=this.context,r=this.shown.passages.find(t=>t.clip===e.item)?.by_hand,{approved_by:i,approved_at:a}=e;return v`<li>
      <div class="row spread">
        <h3>${kr(this.context,e)}</h3>
        <span class="chip">${i&&a?t(`items.approved`,{person:i.name,at:n.at(a)}):t(`items.waits`)}</span>
      </div>
      ${Ar(this.context,e,!(!r||r.sha256))}
      ${!i&&this.shown.offers.includes(`approve`)?v`<div class="row">
            <button
              ?disabled=${this.paused}
              @click=${()=>{this.dispatchEvent(new CustomEvent(`approving`,{detail:e.item}))}}
            >
              <ha-icon icon="mdi:check-decagram"></ha-icon>${t(`items.approve`)}
            </button>
          </div>`:x}
    </li>`}render(){let{t:e}=this.context,{shown:t}=this,n=t.chosen_by;return v`<ha-card>
      <h2>${e(`items.heading`)}</h2>
      <p class="soft">${n?e(`items.chosen_by`,{person:n.name}):e(`items.default`)}</p>
      ${t.release_items.length?v`<ul>
            ${t.release_items.map(e=>this.item(e))}
          </ul>`:v`<p>${e(`items.none`)}</p>`}
      ${this.picked?this.form(this.picked):t.offers.includes(`choose_for_release`)?v`<div class="row">
              <button ?disabled=${this.paused} @click=${this.begin}>
                <ha-icon icon="mdi:format-list-checks"></ha-icon>${e(`items.choose`)}
              </button>
            </div>`:x}
    </ha-card>`}},Li=(e,t)=>{let n=e._$AN;if(n===void 0)return!1;for(let e of n)e._$AO?.(t,!1),Li(e,t);return!0},Ri=e=>{let t,n;do{if((t=e._$AM)===void 0)break;n=t._$AN,n.delete(e),e=t}while(n?.size===0)},zi=e=>{for(let t;t=e._$AM;e=t){let n=t._$AN;if(n===void 0)t._$AN=n=/* @__PURE__ */ new Set;else if(n.has(e))break;n.add(e),Hi(t)}};function Bi(e){this._$AN===void 0?this._$AM=e:(Ri(this),this._$AM=e,zi(this))}function Vi(e,t=!1,n=0){let r=this._$AH,i=this._$AN;if(i!==void 0&&i.size!==0){if(t){if(Array.isArray(r))for(let e=n;e<r.length;e++)Li(r[e],!1),Ri(r[e]);else r!=null&&(Li(r,!1),Ri(r))}else Li(this,e)}}var Hi=e=>{e.type==F.CHILD&&(e._$AP??=Vi,e._$AQ??=Bi)},Ui=class extends $t{constructor(){super(...arguments),this._$AN=void 0}_$AT(e,t,n){super._$AT(e,t,n),zi(this),this.isConnected=e._$AU}_$AO(e,t=!0){e!==this.isConnected&&(this.isConnected=e,e?this.reconnected?.():this.disconnected?.()),t&&(Li(this,e),Ri(this))}setValue(e){if(nn(this._$Ct))this._$Ct._$AI(e,this);else{let t=[...this._$Ct._$AH];t[this._$Ci]=e,this._$Ct._$AI(t,this,0)}}disconnected(){}reconnected(){}},Wi=()=>new Gi,Gi=class{},Ki=/* @__PURE__ */ new WeakMap,qi=Qt(class extends Ui{render(e){return x}update(e,[t]){let n=t!==this.G;return n&&this.rt(void 0),(n||this.lt!==this.ct)&&(this.G=t,this.ht=e.options?.host,this.rt(this.ct=e.element)),x}rt(e){if(this.G!==void 0){if(this.isConnected||(e=void 0),typeof this.G==`function`){let t=this.ht??globalThis,n=Ki.get(t);n===void 0&&(n=/* @__PURE__ */ new WeakMap,Ki.set(t,n)),n.get(this.G)!==void 0&&this.G.call(this.ht,void 0),n.set(this.G,e),e!==void 0&&this.G.call(this.ht,e)}else this.G.value=e}}get lt(){return typeof this.G==`function`?Ki.get(this.ht??globalThis)?.get(this.G):this.G?.value}disconnected(){this.lt===this.ct&&this.rt(void 0)}reconnected(){this.rt(this.ct)}}),Ji=[`document_number`,`document_date`,`organisation`,`requester`,`identity_checked`,`legal_basis`,`purpose`,`event_time`,`event_place`,`note`];function Yi({t:e,info:t},n){let r=H(n,t),i=[[e(`approval.kind`),e(`kinds.${n.kind}`)],...Ji.flatMap(t=>{let i=n.request[t];return i?[[dn(e,t,r),i]]:[]})];return v`<section class="paper" aria-label=${e(`case.request`)}>
    <dl>
      ${i.map(([e,t])=>v`<dt>${e}</dt>
            <dd>${t}</dd>`)}
    </dl>
  </section>`}function Xi(e,t){let{t:n,clock:r}=e,{sealed:i,watched:a}=t;return v`<dl class="small beside">
    <dt>${n(`approval.asked`)}</dt>
    <dd>${G(n,r,t)}</dd>
    ${i?v`<dt>${n(`approval.inside`)}</dt>
          <dd>${$i(e,i)}${rr(n,r,i.gaps)}</dd>`:x}
    ${a?v`<dt>${n(`approval.watched`)}</dt>
          <dd class="watched">${ri(n,a)}</dd>`:x}
  </dl>`}function Zi({t:e,clock:t},n,r){let i=Date.parse(n.start),a=Date.parse(n.end);return v`${rr(e,t,r.sealed?.gaps.filter(({start:e,end:t})=>Date.parse(e)<a&&Date.parse(t)>i)??[])}
  ${n.watched?v`<dl class="small beside">
        <dt>${e(`approval.watched`)}</dt>
        <dd class="watched">${ri(e,n.watched)}</dd>
      </dl>`:x}`}function Qi({t:e},{watched:t}){return t?v`<dl class="small beside">
    <dt>${e(`approval.watched`)}</dt>
    <dd class="watched">${ri(e,t)}</dd>
  </dl>`:x}function $i({t:e,clock:t},{first_picture:n,last_picture:r,gaps:i}){let a=G(e,t,{start:n,end:r});return i.length?a:e(`approval.no_gaps`,{span:a})}function ea({t:e},t){let n=t.flatMap(({watched:e})=>e?[e]:[]),r=n.filter(({seconds:e})=>!e).length,i=n.filter(({seconds:e,of:t})=>e&&e<t).length;return n.length?v`${r?v`<ha-alert alert-type="warning" class="unwatched"
        >${e(`approval.unwatched`,{count:r,of:n.length})}</ha-alert
      >`:i?v`<ha-alert alert-type="info" class="unwatched">${e(`approval.partly`,{count:i,of:n.length})}</ha-alert>`:x}
    <p class="small soft">${e(`approval.recorded`)}</p>`:x}var ta=[`disclosed_in_full`,`disclosed_in_part`,`refused`,`nothing_found`],na=[`copy`,`view`];function ra(e){return e?e.split(`,`):[]}function ia({outcome:e,way:t,items:n,grounds:r,reasons:i}){return{outcome:e,way:t??``,items:n.join(`,`),grounds:r.join(`,`),reasons:i}}function aa({outcome:e,way:t,items:n,grounds:r}){return{outcome:e,way:jr(e)?t:void 0,items:jr(e)?ra(n):[],grounds:Mr(e)?ra(r):[]}}function oa({outcome:e,reasons:t}){return e===`disclosed_in_full`?``:t?.trim()??``}var sa=class extends N{static properties={...N.properties,shown:{attribute:!1},typed:{attribute:!1}};static styles=[k,o`
      :host {
        display: grid;
        gap: 16px;
      }
    `];constructor(){super(),this.typed={}}reportValidity(){let{outcome:e,items:t,grounds:n}=this.typed,r=this.context.t(`decision.choose_one`);return B(this.renderRoot,{...jr(e)&&!t?{"input[name=item]":r}:{},...Mr(e)&&!n?{"input[name=ground]":r}:{}})}setField(e,t){gn(this.renderRoot),this.typed={...this.typed,[e]:t},this.dispatchEvent(new CustomEvent(`typed`,{detail:[e,t]}))}toggle(e,t,n){let r=ra(this.typed[e]).filter(e=>e!==t);this.setField(e,(n?[...r,t]:r).join(`,`))}radios(e,t,n){let{t:r}=this.context;return v`<fieldset>
      <legend>${r(`decision.${e}`)} ${pn(r)}</legend>
      <div class="choices">
        ${n.map(n=>v`<label class="choice"
              ><input
                type="radio"
                name=${e}
                value=${n}
                required
                .checked=${this.typed[e]===n}
                @change=${()=>{this.setField(e,n)}}
              />${q(this.context,t,n)}</label
            >`)}
      </div>
    </fieldset>`}boxes(e,t){let{t:n}=this.context,r=`${e}s`;return v`<fieldset aria-describedby="${e}-help">
      <legend>${n(`decision.${r}`)} ${pn(n)}</legend>
      <p class="soft small" id="${e}-help">${n(`decision.${r}_help`)}</p>
      <div class="choices">
        ${t.map(({id:t,label:n})=>v`<label class="choice"
              ><input
                type="checkbox"
                name=${e}
                value=${t}
                .checked=${ra(this.typed[r]).includes(t)}
                @change=${e=>{this.toggle(r,t,e.target.checked)}}
              />${n}</label
            >`)}
      </div>
    </fieldset>`}masks(){return this.shown.passages.flatMap(e=>e.masks.filter(e=>e.state===`sealed`).map(t=>({id:t.mask,label:this.context.t(`items.masked`,{camera:e.camera_name,item:t.mask})})))}disclosed(){let e=this.masks();return e.length?this.boxes(`item`,e):v`<ha-alert alert-type="warning">${this.context.t(`decision.no_masks`)}</ha-alert>`}grounds(){return(this.context.info.kinds.find(({kind:e})=>e===this.shown.kind)?.grounds??[]).filter(e=>e!==`article_81`||!jr(this.typed.outcome)).map(e=>({id:e,label:q(this.context,`case_ground`,e)}))}reasons(e){let{t}=this.context;return hn(t,{name:`reasons`,label:t(`decision.reasons`),required:!0,help:j(t,`decision.reasons_${e}`,``),value:this.typed.reasons??``,setValue:e=>{this.setField(`reasons`,e)}})}render(){let{outcome:e}=this.typed;return v`${this.radios(`outcome`,`case_decision`,ta)}
    ${jr(e)?v`${this.radios(`way`,`case_way`,na)} ${this.disclosed()}`:x}
    ${Mr(e)?this.boxes(`ground`,this.grounds()):x}
    ${e&&e!==`disclosed_in_full`?this.reasons(e):x}`}},ca=/* @__PURE__ */ new Map,la=/* @__PURE__ */ new Map;function ua(e){return{...ca.get(e)}}function da(e,t){Object.values(t).some(Boolean)?ca.set(e,t):ca.delete(e)}function fa(e){return la.get(e)}function pa(e,t){t?la.set(e,t):la.delete(e)}function ma(e){ca.delete(e),la.delete(e)}function ha(){ca.clear(),la.clear()}function ga(e){(ca.size||la.size)&&e.preventDefault()}function _a(){window.addEventListener(`beforeunload`,ga),window.addEventListener(`hass-logout`,ha)}var va=/* @__PURE__ */ new Set([`add_clip`,`register_footage`,`propose`]),ya=e=>e.passages.filter(e=>e.state===`sealed`),ba=class extends N{static properties={...N.properties,shown:{attribute:!1},act:{type:String},item:{type:String},running:{type:String},failure:{type:String},typed:{state:!0},passage:{state:!0},asked:{state:!0},playing:{state:!0}};static styles=[k,o`
      .form {
        display: grid;
        gap: 16px;
      }
      .form > .row {
        justify-content: flex-end;
      }
      .paper,
      .form > li {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        padding: 12px 16px;
      }
      .paper h3 {
        margin-block-end: 8px;
      }
      .beside {
        margin-block: 8px;
      }
      /* Nothing that somebody typed, of which lines are kept. */
      .beside dd {
        white-space: normal;
      }
    `];fields=Wi();constructor(){super(),this.item=``,this.running=``,this.failure=``,this.typed={},this.passage=or,this.asked=``,this.playing=``}willUpdate(e){e.has(`act`)&&this.begin()}draftName(){return`case/${this.shown.case}/${this.act}`}begin(){let e=ua(this.draftName());this.passage={...or,...this.act===`add_clip`?e:{}},this.typed={...this.known(),...e},this.asked=this.shown.decision?.digest??``,this.playing=``}known(){let{decision:e,outcomes:t}=this.shown;return this.act===`propose`?e?ia(e):{}:this.act===`conclude`&&this.decided()?{outcome:t[0]??``}:this.act===`hand_over`?this.recipient():{}}decided(){return H(this.shown,this.context.info)}hasChanged(){return this.act===`approve`&&(this.shown.decision?.digest??``)!==this.asked}recipient(){let{request:e,only_by_hand:t}=this.shown,n=t?ya(this.shown)[0]?.by_hand:null;return{recipient:e.requester??``,medium:n?.medium??``,medium_serial:n?.medium_serial??``}}setField(e,t){this.typed={...this.typed,[e]:t},da(this.draftName(),this.typed)}setPassage(e){this.passage=e,da(this.draftName(),lr(e)?{...e}:{})}text(e){return this.typed[e]?.trim()??``}submit(e){e.preventDefault();let t=this.fields.value?.reportValidity()!==!1;if(!B(e.target)||!t)return;let n={act:this.act,carryOut:()=>this.carryOut()};this.dispatchEvent(new CustomEvent(`submitted`,{detail:n}))}async carryOut(){let e=this.draftName(),t=await this.send();return ma(e),t}async send(){let{api:e}=this.context,{case:t}=this.shown;switch(this.act){case`release`:return e.release(t,this.typed.encrypt===`yes`);case`add_clip`:{let n=dr(this.passage);n&&await e.exportClip(t,n);break}case`register_footage`:await e.registerFootage(t,vr(this.typed),yr(this.typed));break;case`propose`:await e.proposeDecision(t,aa(this.typed),oa(this.typed));break;case`approve`:await e.approve(t,this.text(`note`),this.toApprove().map(Or),this.asked);break;case`reject`:await e.reject(t,this.text(`reason`));break;case`hand_over`:await e.handOver(t,this.text(`recipient`),this.text(`medium`),this.text(`medium_serial`));break;case`conclude`:await e.conclude(t,this.text(`outcome`),this.text(`reasons`));break;case`keep_open`:await e.keepOpen(t);break;case`purge`:await e.purge(t)}}dismiss(){this.dispatchEvent(new CustomEvent(`dismissed`))}field(e,t){return{name:e,label:dn(this.context.t,e,this.decided()),required:t,value:this.typed[e]??``,setValue:t=>{this.setField(e,t)}}}textField(e,t=``){return z(this.context.t,{...this.field(e,!0),help:t})}textArea(e,t){return hn(this.context.t,this.field(e,t))}questions(){let{t:e}=this.context;switch(this.act){case`add_clip`:return this.passageQuestions();case`register_footage`:return this.byHandQuestions();case`approve`:return v`${Yi(this.context,this.shown)} ${this.proposal()}
          ${this.toApprove().map(e=>this.itemToApprove(e))} ${ea(this.context,this.watchable())}
          ${this.textArea(`note`,!1)}`;case`propose`:return this.decisionQuestions();case`reject`:return this.textArea(`reason`,!0);case`release`:return v`<fieldset class="form">
          <legend>${e(`release.form`)}</legend>
          ${this.encryptChoice(`no`)} ${this.encryptChoice(`yes`)}
        </fieldset>`;case`hand_over`:return v`${this.textField(`recipient`,fn(e,`recipient`,this.decided()))} ${this.textField(`medium`,fn(e,`medium`,this.decided()))}
        ${this.textField(`medium_serial`,e(`help.medium_serial`))}`;case`conclude`:return this.decided()?this.proposal():v`${this.outcomeChoices()} ${this.textArea(`reasons`,!0)}`;case`keep_open`:case`purge`:return x}}passageQuestions(){return v`<niiza-cctv-passage
      ${qi(this.fields)}
      .context=${this.context}
      .typed=${this.passage}
      .caseId=${this.shown.case}
      .required=${!0}
      @typed=${e=>{this.setPassage(e.detail)}}
    ></niiza-cctv-passage>`}byHandQuestions(){return v`<niiza-cctv-by-hand
      ${qi(this.fields)}
      .context=${this.context}
      .typed=${this.typed}
      @typed=${e=>{this.setField(...e.detail)}}
    ></niiza-cctv-by-hand>`}decisionQuestions(){return v`<niiza-cctv-decision-form
      ${qi(this.fields)}
      .context=${this.context}
      .shown=${this.shown}
      .typed=${this.typed}
      @typed=${e=>{this.setField(...e.detail)}}
    ></niiza-cctv-decision-form>`}proposal(){let{t:e}=this.context,{decision:t}=this.shown;if(!t)return x;let n=e(t.approved_by?`decision.heading_decided`:`decision.heading`);return v`${this.hasChanged()?v`<ha-alert alert-type="warning">${e(`decision.changed`)}</ha-alert>
            <div class="row">
              <button
                type="button"
                @click=${()=>{this.asked=t.digest}}
              >
                ${e(`decision.look_again`)}
              </button>
            </div>`:x}
      <section class="paper" aria-label=${n}>
        <h3>${n}</h3>
        ${Nr(this.context,t)}
      </section>`}toApprove(){if(this.shown.decision)return this.shown.release_items;let e=Dr(this.shown);return(this.item?e.filter(e=>e.item===this.item):e).slice(0,1)}watchable(){let e=this.toApprove().map(e=>e.item);return ya(this.shown).flatMap(t=>[...e.includes(t.clip)?[t]:[],...t.cuts.filter(t=>e.includes(t.cut))])}secondsMissing(){if(this.act!==`approve`)return 0;let e=this.toApprove().map(e=>e.item);return this.shown.passages.flatMap(({masks:e})=>e).filter(({mask:t})=>e.includes(t)).reduce((e,{watched:t})=>e+(t?ii(t):0),0)}itemToApprove(e){let{t}=this.context,{passages:n}=this.shown,r=n.find(t=>t.clip===e.item),i=n.find(t=>t.clip===e.clip),a=i?.cuts.find(t=>t.cut===e.item),o=i?.masks.find(t=>t.mask===e.item),s=r?.by_hand;return v`<div>
      <h3>${kr(this.context,e)}</h3>
      ${s?v`<p class="small">${t(`by_hand.not_here`)}</p>`:x}
      ${r?Xi(this.context,r):x}
      ${Ar(this.context,e,!(!s||s.sha256),!r)}
      ${a&&i?Zi(this.context,a,i):x}
      ${o?v`${Qi(this.context,o)} ${this.player(o.mask,e.camera_name)}`:x}
      ${i?ki(this.context,i):x}
      ${o&&i?Oi(this.context,i.clip,e.item):x}
    </div>`}player(e,t){let{t:n}=this.context,r=this.playing===e;return v`<div class="row">
        <button
          type="button"
          aria-expanded=${r}
          @click=${()=>{this.playing=r?``:e}}
        >
          <ha-icon icon=${r?`mdi:close`:`mdi:play-box-lock`}></ha-icon>${n(r?`watch.close`:`cut.watch`)}
        </button>
      </div>
      ${r?v`<niiza-cctv-sealed .context=${this.context} .clip=${e} .cameraName=${t} .through=${!0}></niiza-cctv-sealed>`:x}`}encryptChoice(e){return v`<label class="choice"
      ><input
        type="radio"
        name="encrypt"
        .checked=${(this.typed.encrypt??`no`)===e}
        @change=${()=>{this.setField(`encrypt`,e)}}
      />${this.context.t(e===`yes`?`release.encrypted`:`release.plain`)}</label
    >`}outcomeChoices(){let{t:e}=this.context;return v`<fieldset>
      <legend>${e(`fields.outcome`)} ${pn(e)}</legend>
      <div class="choices">
        ${this.shown.outcomes.map(t=>v`<label class="choice"
              ><input
                type="radio"
                name="outcome"
                required
                .checked=${this.typed.outcome===t}
                @change=${()=>{this.setField(`outcome`,t)}}
              />${e(`outcomes.${t}`)}</label
            >`)}
      </div>
    </fieldset>`}buttons(){let{t:e}=this.context,{act:t,running:n}=this,r=t===`release`?`release.making`:`common.working`,{packing:i}=this.shown,a=this.secondsMissing();return v`${a?v`<ha-alert alert-type="warning" id="missing"
            >${e(`approval.through`,{time:W(a)})}</ha-alert
          >`:x}
      ${t===`release`&&n===t&&i?Cr(this.context,i,!0):x}
      <div class="row">
      <button type="button" class="flat" ?disabled=${!!n} @click=${this.dismiss}>${e(`common.back`)}</button>
      <button
        type="submit"
        class=${$n.has(t)?`danger`:`main`}
        ?disabled=${!!n||this.hasChanged()||a>0}
        aria-describedby=${a?`missing`:x}
      >
        <ha-icon icon=${Zn[t]}></ha-icon>
        ${n===t?e(r):this.heading()}
      </button>
    </div>`}heading(){let{decision:e}=this.shown;return Qn(this.context.t,this.act,{state:`approved`,decision:e},this.decided())}render(){let{t:e}=this.context,t=this.heading(),n=v`<form class="form" novalidate @submit=${this.submit}>
      <p>${j(e,`ask.${this.act}${this.decided()?`_decision`:``}`,e(`ask.${this.act}`))}</p>
      ${this.questions()} ${this.errorAlert(this.failure)} ${this.buttons()}
    </form>`;return va.has(this.act)||this.act===`approve`&&this.decided()?v`<ha-card><h2>${t}</h2>${n}</ha-card>`:v`<niiza-cctv-dialog .heading=${t} @dismissed=${this.dismiss}>${n}</niiza-cctv-dialog>`}},xa=class extends P{static properties={...P.properties,cases:{state:!0},everything:{state:!0},words:{state:!0}};static styles=[k,o`
      .list {
        display: grid;
        gap: 10px;
      }
      .list a {
        background: var(--ha-card-background, var(--card-background-color));
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        color: inherit;
        display: grid;
        gap: 6px 20px;
        grid-template-columns: 8.5rem minmax(0, 1fr) auto;
        padding: 14px 20px;
        text-decoration: none;
      }
      .list a:hover {
        border-color: var(--primary-color);
      }
      .number {
        font-size: 1.15rem;
        font-weight: 500;
      }
      .chips {
        align-items: flex-end;
        display: flex;
        flex-direction: column;
        gap: 6px;
      }
      .tools {
        align-items: end;
      }
      .tools .field {
        flex: 1 1 240px;
      }
      .filter {
        display: flex;
        gap: 8px;
      }
      @media (max-width: 700px) {
        .list a {
          grid-template-columns: 1fr;
        }
        .chips {
          align-items: center;
          flex-direction: row;
          flex-wrap: wrap;
        }
      }
    `];constructor(){super(),this.everything=!1,this.words=``}async read(){this.cases=await this.context.api.listCases()}shown(){let e=this.words.trim().toLowerCase();return(this.cases??[]).filter(t=>(this.everything||An.has(t.state))&&[t.case,t.document_number,t.organisation].some(t=>t.toLowerCase().includes(e)))}filter(e,t){return v`<label class="choice"
      ><input
        type="radio"
        name="filter"
        .checked=${this.everything===e}
        @change=${()=>{this.everything=e}}
      />${t}</label
    >`}chips(e){let{t,info:n}=this.context,r=An.has(e.state),i=Hn(e,n);return v`<span class="chips">
      <span class="chip ${r?``:`done`}"
        ><ha-icon icon=${Yn[i]}></ha-icon>${Xn(t,i)}</span
      >
      ${Gn(e)?v`<span class="chip turn"
            ><ha-icon icon="mdi:account-arrow-left"></ha-icon>${t(`cases.your_turn`)}</span
          >`:x}
      ${e.questions?v`<span class="chip risk"><ha-icon icon="mdi:folder-clock"></ha-icon>${t(`cases.silent`)}</span>`:x}
      ${zn(e)?v`<span class="chip risk"
            ><ha-icon icon="mdi:alert-circle"></ha-icon>${t(`cases.failed`,{failed:e.failed})}</span
          >`:x}
      ${r?er(t,e.overwritten_at):x}
    </span>`}received({state:e,clips:t,sealed:n,created_by:{name:r}}){let{t:i}=this.context;return e===`purged`?i(`cases.line_purged`,{person:r}):t===0?i(`cases.line_empty`,{person:r}):i(`cases.line`,{person:r,sealed:n,clips:t})}row(e){let{t,clock:n,info:r}=this.context;return v`<li>
      <a href="${M}/case/${e.case}">
        <span>
          <span class="number">${e.case}</span><br />
          <span class="soft small">${n.date(e.created_at)}</span>
        </span>
        <span>
          <strong>${t(`kinds.${e.kind}`)}</strong><br />
          ${[e.organisation,e.document_number].filter(Boolean).join(`　`)}<br />
          <span class="soft small"
            >${this.received(e)}
            ${e.percent===null?x:v`・${t(`cases.percent`,{percent:Math.floor(e.percent)})}`}</span
          >
        </span>
        ${this.chips(e)}
        <span class="soft small" style="grid-column: 1 / -1">${t(Bn(e,r))}</span>
      </a>
    </li>`}tools(){let{t:e}=this.context;return v`<div class="row tools">
      <fieldset class="filter">
        <legend>${e(`cases.filter`)}</legend>
        ${this.filter(!1,e(`cases.open`))} ${this.filter(!0,e(`cases.all`))}
      </fieldset>
      <div class="field">
        <label for="words">${e(`cases.search`)}</label>
        <input
          id="words"
          type="search"
          autocomplete="off"
          .value=${this.words}
          @input=${e=>{this.words=e.target.value}}
        />
      </div>
    </div>`}render(){let{t:e,info:t}=this.context,n=this.shown(),r=t.roles.includes(`exporter`);return v`<div class="page">
      <div class="row spread">
        <h1 tabindex="-1">${e(`cases.heading`)}</h1>
        ${r?v`<a class="button main" href="${M}/new"
              ><ha-icon icon="mdi:folder-plus"></ha-icon>${e(`nav.new`)}</a
            >`:x}
      </div>
      ${this.tools()} ${this.errorAlert(this.unread)}
      <div role="status" class="soft">
        ${this.cases?e(`cases.count`,{count:n.length}):e(`common.loading`)}
      </div>
      <ul class="list" aria-label=${e(`cases.heading`)}>
        ${n.map(e=>this.row(e))}
      </ul>
      ${this.cases&&!this.cases.length?v`<ha-card><p>${e(r?`cases.none`:`cases.none_to_decide`)}</p></ha-card>`:x}
    </div>`}},Sa=6e5,Ca=class extends P{static properties={...P.properties,checkId:{type:String},check:{state:!0},may:{state:!0},history:{state:!0},missing:{state:!0},said:{state:!0}};static styles=[k,o`
      .page {
        max-width: 760px;
      }
      .history {
        display: grid;
      }
      .history li {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 6px;
        padding-block: 14px;
      }
      .history li:first-child {
        border: 0;
      }
      .history p {
        margin: 0;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .history .failed {
        color: var(--niiza-error-letters);
      }
      .history img {
        background: var(--divider-color);
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 420px;
        object-fit: contain;
      }
    `];historyOf=``;historyAt=0;constructor(){super(),this.checkId=``,this.may=!1,this.history=[],this.missing=!1,this.said=``}willUpdate(e){e.has(`checkId`)&&(this.check=void 0,this.history=[],this.historyOf=``,this.said=``,this.refresh()),super.willUpdate(e)}async read(){let e=this.checkId,{api:t}=this.context,{checks:n,may:r}=await t.checks(),i=n.find(t=>t.id===e);if(e!==this.checkId)return;this.check=i,this.missing=!i,this.may=r[e]??!1;let a=i?.last?.at??``;if(a===this.historyOf&&Date.now()-this.historyAt<Sa)return;let o=a?await t.checkHistory(e):[];e===this.checkId&&(this.history=o,this.historyOf=a,this.historyAt=Date.now())}async recorded(e,t){let{t:n}=this.context;this.said=n(`checks.recorded`,{object:e.object.name,name:e.name,result:Hr(n,e.kind,t)}),await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#said`)?.focus()}record(e,t){let{t:n,clock:r}=this.context;return v`<li>
      <div class="row spread">
        <strong class="with-icon ${t.result}"
          ><ha-icon icon=${Br[t.result]}></ha-icon>${Hr(n,e.kind,t.result)}</strong
        >
        <span>${t.person.name}</span>
      </div>
      <time class="soft small" datetime=${t.at}>${r.at(t.at)}</time>
      ${Yr(this.context,t)}
      ${t.photo?v`<img
            src=${t.photo}
            loading="lazy"
            alt=${n(`photo.of`,{at:r.at(t.at),person:t.person.name})}
          />`:x}
    </li>`}page(e){let{t}=this.context;return v`<ha-card>
        <p>${Kr(this.context,e)}</p>
        <p>${Jr(this.context,e)}</p>
        ${this.may?v`<niiza-cctv-check-form
              .context=${this.context}
              .check=${e}
              @recorded=${t=>void this.recorded(e,t.detail)}
            ></niiza-cctv-check-form>`:v`<p class="soft">${t(`checks.not_yours`)}</p>`}
      </ha-card>
      <ha-card>
        <h2>${t(`checks.history`)}</h2>
        ${this.history.length?v`<ol class="history">
              ${this.history.map(t=>this.record(e,t))}
            </ol>`:v`<p class="soft">${t(`checks.never`)}</p>`}
      </ha-card>`}render(){let{t:e}=this.context,{check:t}=this;return v`<div class="page">
      <p><a class="with-icon" href="${M}/checks"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`checks.back`)}</a></p>
      <div>
        <h1 tabindex="-1">${t?.name??e(`checks.heading`)}</h1>
        ${t?v`<p class="with-icon"><ha-icon icon=${zr[t.object.kind]}></ha-icon>${t.object.name}</p>`:x}
      </div>
      ${this.errorAlert(this.unread)}
      ${this.said?v`<ha-alert id="said" tabindex="-1" role="status" alert-type="success">${this.said}</ha-alert>`:x}
      ${t?this.page(t):this.missing?v`<ha-alert alert-type="info">${e(`checks.missing`)}</ha-alert>`:this.unread?x:v`<p role="status">${e(`common.loading`)}</p>`}
    </div>`}},wa=1600,Ta=.85,Ea=2e7,Da=6e4;function Oa(e,t){let n=Math.min(1,wa/Math.max(e,t));return[Math.max(1,Math.round(e*n)),Math.max(1,Math.round(t*n))]}async function ka(e){if(!e.type.startsWith(`image/`))throw new A(`photo.no_picture`);try{let t=await createImageBitmap(e,{imageOrientation:`from-image`}),[n,r]=Oa(t.width,t.height),i=Object.assign(document.createElement(`canvas`),{width:n,height:r});i.getContext(`2d`)?.drawImage(t,0,0,n,r),t.close();let a=await new Promise(e=>{i.toBlob(e,`image/jpeg`,Ta)});if(a)return a}catch{}if(e.size>Ea)throw new A(`photo.too_large`);return e}async function Aa(e,t,n){e.auth.expired&&await e.auth.refreshAccessToken().catch(()=>{throw new A(`photo.offline`)});let r=new FormData;return r.append(`file`,t,t.type===`image/jpeg`?`photo.jpg`:`photo`),new Promise((t,i)=>{let a=new XMLHttpRequest,o,s=()=>{clearTimeout(o),o=setTimeout(()=>{a.abort()},Da)},c=()=>{clearTimeout(o),i(new A(`photo.offline`))};a.open(`POST`,`/api/file_upload`),a.setRequestHeader(`Authorization`,`Bearer ${e.auth.accessToken}`),a.upload.addEventListener(`progress`,({loaded:e,total:t})=>{s(),n(t?Math.round(e/t*100):0)}),a.addEventListener(`error`,c),a.addEventListener(`abort`,c),a.addEventListener(`load`,()=>{clearTimeout(o);let e=ja(a.responseText);a.status===200&&e?t(e):i(new A(a.status===413?`photo.too_large`:`photo.refused`,{status:a.status}))}),s(),a.send(r)})}function ja(e){try{let{file_id:t}=JSON.parse(e);return typeof t==`string`?t:``}catch{return``}}async function Ma(e,t){await e.fetchWithAuth(`/api/file_upload`,{method:`DELETE`,headers:{"Content-Type":`application/json`},body:JSON.stringify({file_id:t})}).catch(()=>void 0)}var Na=class extends N{static properties={...N.properties,check:{attribute:!1},typed:{state:!0},taken:{state:!0},percent:{state:!0}};static styles=[k,o`
      .look-at {
        background: color-mix(in srgb, var(--primary-color) 8%, transparent);
        border-radius: 12px;
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        padding: 12px 16px;
      }
      .look-at svg {
        align-self: start;
        block-size: auto;
        flex: none;
        inline-size: 168px;
      }
      .look-at > div {
        flex: 1 1 14rem;
      }
      /* By the letters' own colour and the card's: legible in the light and in the dark. */
      .look-at svg * {
        fill: none;
        stroke: currentColor;
        stroke-linecap: round;
        stroke-linejoin: round;
        stroke-width: 2;
      }
      .look-at svg .paper {
        fill: var(--card-background-color);
      }
      .look-at svg .full {
        fill: currentColor;
      }
      .look-at svg .shade {
        fill: color-mix(in srgb, currentColor 18%, var(--card-background-color));
      }
      .look-at svg .mark {
        stroke: var(--niiza-primary-letters, var(--primary-color));
        stroke-width: 3.5;
      }
      .look-at svg .dots {
        stroke-dasharray: 0 9;
        stroke-width: 6;
      }
      .look-at svg text {
        fill: currentColor;
        font: 700 9px var(--ha-font-family-body, sans-serif);
        stroke: none;
        text-anchor: middle;
      }
      .look-at svg text.small {
        font-size: 6.5px;
      }
      .look-at ol {
        list-style: decimal;
        padding-inline-start: 1.4em;
      }
      form {
        display: grid;
        gap: 16px;
      }
      .results {
        display: grid;
        gap: 8px;
        grid-template-columns: 1fr 1fr;
      }
      legend {
        /* Heard, not seen: there may be twenty of them below each other. */
        block-size: 1px;
        clip-path: inset(50%);
        inline-size: 1px;
        margin: 0;
        overflow: hidden;
        position: absolute;
        white-space: nowrap;
      }
      .results .choice {
        gap: 7px;
        min-block-size: 60px;
        padding-inline: 9px;
      }
      .results .choice.failed:has(:checked) {
        border-color: var(--error-color);
        box-shadow: inset 0 0 0 1px var(--error-color);
      }
      .camera {
        inline-size: 100%;
        position: relative;
      }
      .camera:focus-within {
        outline: 3px solid var(--niiza-primary-letters);
        outline-offset: 2px;
      }
      /* There for keyboards and screen readers; what is seen is its label. */
      .camera input:not([type="radio"], [type="checkbox"]) {
        block-size: 100%;
        cursor: pointer;
        inset: 0;
        min-block-size: 0;
        opacity: 0;
        padding: 0;
        position: absolute;
      }
      figure {
        display: grid;
        gap: 8px;
        margin: 0;
      }
      figure img {
        background: var(--divider-color);
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 320px;
        object-fit: contain;
      }
      button[type="submit"] {
        inline-size: 100%;
        min-block-size: 56px;
      }
      button.failed,
      button.failed:hover:not(:disabled) {
        background: var(--niiza-error-surface);
        border-color: var(--niiza-error-surface);
        color: #fff;
      }
    `];shownAs=``;checkId=``;constructor(){super(),this.typed={},this.percent=0}disconnectedCallback(){super.disconnectedCallback(),this.unshow()}willUpdate(e){e.has(`check`)&&this.check.id!==this.checkId&&(this.checkId=this.check.id,this.typed=ua(this.draftName()),this.taken=fa(this.draftName()))}draftName(){return`check/${this.checkId}`}unshow(){this.shownAs&&URL.revokeObjectURL(this.shownAs),this.shownAs=``}setField(e,t){this.typed={...this.typed,[e]:t},da(this.draftName(),this.typed)}setPhoto(e){this.unshow(),this.taken=e,pa(this.draftName(),e)}async choosePhoto(e){let t=e.target,n=t.files?.[0];t.value=``,n&&await this.attempt(`photo`,async()=>{this.setPhoto(await ka(n))})}discard(){ma(this.draftName()),this.typed={},this.setPhoto(void 0),this.error=``}async submit(e){if(e.preventDefault(),!B(e.target))return;let{check:t,taken:n,typed:r}=this,{api:i,hass:a}=this.context,o=r.result,s=Object.fromEntries([`note`,...t.fields].map(e=>[e,r[e]?.trim()]));this.percent=0,await this.attempt(`send`,async()=>{let e=n&&await Aa(a,n,e=>this.percent=e);try{await i.recordCheck(t.id,o,s,e)}catch(t){throw e&&await Ma(a,e),t}})?(this.discard(),this.dispatchEvent(new CustomEvent(`recorded`,{detail:o}))):this.renderRoot.querySelector(`ha-alert`)?.scrollIntoView({block:`nearest`})}choice(e){let{t}=this.context;return v`<label class="choice ${e}"
      ><input
        type="radio"
        name="result"
        .checked=${this.typed.result===e}
        ?disabled=${this.busy===`send`}
        @change=${()=>{this.setField(`result`,e)}}
      /><ha-icon icon=${Br[e]}></ha-icon>${Hr(t,this.check.kind,e)}</label
    >`}photo(){let{t:e}=this.context,{taken:t}=this;return t&&!this.shownAs&&(this.shownAs=URL.createObjectURL(t)),v`<figure>
      ${t?v`<img src=${this.shownAs} alt=${e(`photo.taken`,{size:Math.ceil(t.size/1e3)})} />`:x}
      ${this.cameraButton()} ${t?this.removeButton():x}
      <span class="soft small" id="photo-help">${e(this.check.photo?`photo.wanted`:`photo.optional`)}</span>
    </figure>`}cameraButton(){let{t:e}=this.context,t=e(this.busy===`photo`?`common.working`:this.taken?`photo.again`:`photo.take`);return v`<div class="button camera">
      <ha-icon icon="mdi:camera"></ha-icon>${t}
      <input
        type="file"
        accept="image/*"
        capture="environment"
        aria-label=${t}
        aria-describedby="photo-help"
        ?disabled=${!!this.busy}
        @change=${this.choosePhoto}
      />
    </div>`}removeButton(){return v`<button
      type="button"
      class="flat"
      ?disabled=${!!this.busy}
      @click=${()=>{this.setPhoto(void 0)}}
    >
      <ha-icon icon="mdi:image-remove"></ha-icon>${this.context.t(`photo.remove`)}
    </button>`}field(e){return{name:e,label:j(this.context.t,`fields.${e}`,e),disabled:this.busy===`send`,value:this.typed[e]??``,setValue:t=>{this.setField(e,t)}}}textField(e){let{t}=this.context;return z(t,{...this.field(e),help:j(t,`help.${e}`,``)})}note(e){let{t}=this.context;return hn(t,{...this.field(`note`),required:e,help:e?t(`checks.note_help`):``})}progress(){let{t:e}=this.context,{percent:t}=this;return this.busy!==`send`||!this.taken?x:v`<div>
      <progress max="100" .value=${t} aria-label=${e(`photo.sending`)}>${t}%</progress>
      <p class="small" role="status">${e(`photo.sent`,{percent:t})}</p>
    </div>`}sendWords(e){return this.busy===`send`?`common.working`:this.error&&!this.refused?`checks.send_again`:e?`checks.send_failed`:`checks.send_passed`}rest(e){let{t}=this.context,n=e===`failed`;return v`
      ${this.photo()} ${this.check.fields.map(e=>this.textField(e))} ${this.note(n)}
      ${this.progress()} ${this.errorAlert()}
      <div>
        <button type="submit" class=${n?`failed`:`main`} ?disabled=${!!this.busy}>
          <ha-icon icon=${Br[e]}></ha-icon>${t(this.sendWords(n))}
        </button>
        <button type="button" class="flat" ?disabled=${!!this.busy} @click=${this.discard}>
          ${t(`common.back`)}
        </button>
      </div>
    `}render(){let{t:e}=this.context,t=this.typed.result;return v`<form novalidate @submit=${this.submit}>
      ${Gr(this.context,this.check)}
      <fieldset>
        <legend>${e(`checks.result`,{name:this.check.name,object:this.check.object.name})}</legend>
        <div class="results">${this.choice(`passed`)} ${this.choice(`failed`)}</div>
      </fieldset>
      ${t?this.rest(t):x}
    </form>`}},Pa=class extends P{static properties={...P.properties,known:{state:!0},said:{state:!0},opened:{state:!0}};static styles=[k,o`
      .page {
        max-width: 760px;
      }
      section {
        display: grid;
        gap: 12px;
      }
      section > h2 {
        margin-block: 8px 0;
      }
      ha-card h3 {
        font-size: 1.15rem;
      }
      li {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 10px;
        padding-block: 14px;
      }
      ha-card h3 + ul {
        margin-block-start: 12px;
      }
      li:last-child {
        padding-block-end: 0;
      }
      .look {
        align-items: center;
        color: inherit;
        display: flex;
        gap: 8px;
        justify-content: space-between;
        min-block-size: 48px;
        text-decoration: none;
      }
      .look strong {
        font-weight: 500;
        text-decoration: underline;
        text-decoration-color: var(--divider-color);
        text-underline-offset: 4px;
      }
      .chip {
        flex: none;
      }
    `];constructor(){super(),this.said=``}async read(){this.known=await this.context.api.checks()}async recorded(e,t){let{t:n}=this.context;this.said=n(`checks.recorded`,{object:e.object.name,name:e.name,result:Hr(n,e.kind,t)}),this.opened=void 0,await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#said`)?.focus()}row(e){return v`<li>
      <div>
        <a class="look" href="${M}/check/${encodeURIComponent(e.id)}"
          ><strong>${e.name}</strong>${Kr(this.context,e)}</a
        >
        ${Jr(this.context,e)}
      </div>
    </li>`}dueRow(e,t){let{t:n}=this.context,{object:r}=e;return v`<li>
      <div>
        <a class="look" href="${M}/check/${encodeURIComponent(e.id)}"
          ><span
            ><span class="with-icon"><ha-icon icon=${zr[r.kind]}></ha-icon>${r.name}</span>
            <strong>${e.name}</strong></span
          >${Kr(this.context,e)}</a
        >
        ${Jr(this.context,e)}
      </div>
      ${this.known?.may[e.id]?v`<div>
              <button
                aria-expanded=${t}
                @click=${()=>{this.opened=t?null:e.id}}
              >
                <ha-icon icon=${t?`mdi:chevron-up`:`mdi:chevron-down`}></ha-icon>
                ${n(t?`checks.close`:`checks.look`)}
              </button>
            </div>
            ${t?this.form(e):x}`:x}
    </li>`}worklist(e){let{t}=this.context;if(!e.length)return x;let n=this.opened===void 0?e.find(e=>this.known?.may[e.id])?.id:this.opened;return v`<section aria-label=${t(`checks.due`)}>
      <h2>${t(`checks.due`)}</h2>
      <ha-card>
        <ul>
          ${Sn(e,e=>e.id,e=>this.dueRow(e,e.id===n))}
        </ul>
      </ha-card>
    </section>`}form(e){return v`<niiza-cctv-check-form
      .context=${this.context}
      .check=${e}
      @recorded=${t=>void this.recorded(e,t.detail)}
    ></niiza-cctv-check-form>`}group(e,t){return t.length?v`<section aria-label=${e}>
      <h2>${e}</h2>
      ${Ur(t).map(({object:e,checks:t})=>v`<ha-card>
            <h3 class="with-icon"><ha-icon icon=${zr[e.kind]}></ha-icon>${e.name}</h3>
            <ul>
              ${Sn(t,e=>e.id,e=>this.row(e))}
            </ul>
          </ha-card>`)}
    </section>`:x}render(){let{t:e}=this.context,t=this.known?.checks??[],n=t.filter(e=>e.due);return v`<div class="page">
      <h1 tabindex="-1">${e(`checks.heading`)}</h1>
      ${this.errorAlert(this.unread)}
      <p role="status" class=${n.length?``:`soft`}>
        ${this.known?n.length?e(`checks.count`,{count:n.length}):e(`checks.all_done`):e(`common.loading`)}
      </p>
      ${this.said?v`<ha-alert id="said" tabindex="-1" role="status" alert-type="success">${this.said}</ha-alert>`:x}
      ${this.worklist(Wr(n))}
      ${this.group(e(`checks.later`),t.filter(e=>!e.due))}
    </div>`}};async function Fa(){if(customElements.get(`ha-hls-player`))return!0;let e=window.loadCardHelpers;return(await e?.())?.createCardElement({type:`picture-entity`,entity:`camera.none`}),Promise.race([customElements.whenDefined(`ha-hls-player`).then(()=>!0),new Promise(e=>setTimeout(e,5e3,!1))])}var Ia=`#EXT-X-NIIZA-KEYS:`;function La(e){let t=[],n=0,r=0,i=NaN;for(let a of e.split(/\r?\n/))a.startsWith(`#EXT-X-PROGRAM-DATE-TIME:`)?i=Date.parse(a.slice(25)):a.startsWith(`#EXTINF:`)?r=parseFloat(a.slice(8)):a&&!a.startsWith(`#`)&&(Number.isNaN(i)||t.push({offset:n,length:r,at:i}),n+=r,i+=r*1e3);return t}function Ra(e){let t=[],n=[],r=0,i=0;for(let a of e.split(/\r?\n/))a.startsWith(`#EXTINF:`)?i=parseFloat(a.slice(8)):a.startsWith(Ia)?t.push(...a.slice(18).split(`,`).map(e=>r+Number(e))):a&&!a.startsWith(`#`)&&(n.push(r),r+=i);return t.length?t:n}function za(e,t){let n=e.findLast(e=>e.offset<=t)??e[0];return n?new Date(n.at+(t-n.offset)*1e3):null}function Ba(e,t){let n=t.getTime();for(let t of e){if(n<t.at)return t.offset;if(n<t.at+t.length*1e3)return t.offset+(n-t.at)/1e3}let r=e.at(-1);return r?r.offset+r.length:0}function Va(e,t){let n=t.getTime();return e.some(e=>e.at<=n&&n<e.at+e.length*1e3)}var Ha=5e3,Ua=.75,Wa=100,Ga=class{last;target;played=/* @__PURE__ */ new Map;look(e){let{target:t}=this,n=this.last??(t===void 0?void 0:{...e,position:t,playing:!1});if(this.last=e,this.target=void 0,!n||!(n.playing||e.playing))return;let r=n.playing?n.rate:e.rate,i=e.position-n.position,a=Ua+(n.playing?(e.now-n.now)/1e3*r*1.25:0);i>0&&i<=a&&this.add(r,[Ja(n.position),Ja(e.position)])}stood(e,t){t>e&&this.add(1,[Ja(e),Ja(t)])}jumped(){this.last=void 0,this.target=void 0}sent(e){this.last=void 0,this.target=e}seeking(){this.last=void 0}take(){let e=[...this.played].map(([e,t])=>({speed:e,reaches:t}));return this.played.clear(),e}putBack(e){for(let{speed:t,reaches:n}of e)for(let e of n)this.add(t/100,e)}add(e,t){let n=Math.round(e*100),r=this.played.get(n)??[],i=r.at(-1);i&&i[1]>=t[0]&&i[0]<=t[0]?i[1]=Math.max(i[1],t[1]):r.length<Wa&&r.push(t),this.played.set(n,r)}},Ka=class{send;ended;played=new Ga;toldAt=0;telling=!1;more=!1;constructor(e,t){this.send=e,this.ended=t}get isDue(){return performance.now()-this.toldAt>=Ha}async tell(e,t){if(this.telling){this.more=!0;return}let n=this.played.take();if(!n.length&&t&&this.isDue&&(n=[{speed:100,reaches:[]}]),n.length){this.telling=!0,this.toldAt=performance.now();try{for(let t of[...n])await this.send(e,t),n=n.slice(1);this.ended(void 0)}catch(e){this.played.putBack(n),this.ended(e)}finally{this.telling=!1}this.more&&(this.more=!1,await this.tell(e,!1))}}};function qa(e,t){return(t-e)*1e3/2}function Ja(e){return Math.max(0,Math.round(e*1e3))}var Ya=`application/vnd.apple.mpegurl`,Xa=[-60,-10,-1,1,10,60],Za=[.25,.5,1,2,4,8,16],Qa=500,$a=.5,J=.002,eo=[`[`,`]`,`,`,`.`],to=`input:not([type=range]), select, textarea`,Y=class extends N{static properties={...N.properties,cameraName:{type:String},path:{state:!0},gaps:{state:!0},at:{state:!0},now:{state:!0},playing:{state:!0},fallback:{state:!0},full:{state:!0},speed:{state:!0},wanted:{state:!0},said:{state:!0},pictureLength:{state:!0}};static styles=[k,o`
      :host {
        display: grid;
        gap: 12px;
      }
      .screen {
        background: #000;
        border-radius: 12px;
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        overflow: hidden;
      }
      .picture {
        aspect-ratio: 16 / 9;
        inline-size: 100%;
        max-block-size: 70vh;
        overflow: hidden;
        position: relative;
      }
      .screen:fullscreen .picture {
        aspect-ratio: auto;
        block-size: 100%;
        max-block-size: none;
      }
      video,
      ha-hls-player {
        block-size: 100%;
        display: block;
        inline-size: 100%;
        object-fit: contain;
      }
      .strip {
        align-items: center;
        background: #111;
        color: #fff;
        display: flex;
        gap: 4px 12px;
        padding: 4px 8px;
      }
      .strip button {
        border-color: transparent;
        color: inherit;
        min-inline-size: 48px;
        padding: 0;
      }
      .screen:focus {
        outline: none;
      }
      .strip input {
        accent-color: var(--niiza-primary-surface);
        flex: 1;
        min-block-size: 48px;
        min-inline-size: 0;
      }
      .time {
        font-size: 1.3rem;
        font-variant-numeric: tabular-nums;
        font-weight: 500;
      }
      .jumps button {
        min-inline-size: 64px;
        padding-inline: 10px;
      }
      .timeline {
        cursor: pointer;
        /* As high as a finger is wide. */
        padding-block: 14px;
        touch-action: manipulation;
      }
      select,
      #moment {
        inline-size: auto;
      }
      .keys summary {
        cursor: pointer;
        min-block-size: 40px;
      }
      kbd {
        border: 1px solid var(--divider-color);
        border-radius: 4px;
        font: inherit;
        padding-inline: 6px;
      }
    `];keys=[];pictures=null;picture;moments=[];openedFor=``;looking;constructor(){super(),this.path=``,this.gaps=[],this.at=null,this.now=/* @__PURE__ */ new Date,this.playing=!1,this.fallback=!1,this.full=!1,this.speed=1,this.wanted=``,this.said=``,this.pictureLength=null,this.addEventListener(`keydown`,this.pressed)}connectedCallback(){super.connectedCallback(),this.looking=setInterval(this.look,Qa)}disconnectedCallback(){clearInterval(this.looking),this.countStanding(),super.disconnectedCallback()}willUpdate(){let e=this.subject();e!==this.openedFor&&(this.openedFor=e,this.open())}async open(){this.path=``,this.at=null,this.said=``,await this.attempt(`open`,async()=>{let{url:e,codec:t,gaps:n,picture:r,pictures:i}=await this.source();if(this.pictureLength=r,this.pictures=i?.map(e=>e/1e3)??null,t&&!no(t))throw new A(this.unplayable());let a=await fetch(e);if(!a.ok)throw new A(`watch.refused`,{status:a.status});let o=await a.text();if(this.moments=La(o),this.keys=Ra(o),!document.createElement(`video`).canPlayType(Ya)&&(this.fallback=await Fa(),!this.fallback))throw new A(`watch.no_hls`);this.gaps=n,this.path=e,await this.updateComplete,this.follow(),this.scrollIntoView({block:`nearest`})})}broken(e){this.error=this.context.t(this.brokenWords(e.target.error?.code))}video(){let e=this.renderRoot.querySelector(`video, ha-hls-player`);return e instanceof HTMLVideoElement?e:e?.shadowRoot?.querySelector(`video`)??null}look=()=>{this.path&&(this.now=/* @__PURE__ */ new Date,this.countStanding(),this.moved())};moved(){let e=this.video();e&&(e.disablePictureInPicture=!0,e.disableRemotePlayback=!0,this.playing=!e.paused,e.playbackRate!==this.speed&&this.setRate(this.speed),this.at=za(this.moments,this.position(e)),this.looked())}looked(){}position(e){let{picture:t}=this;return t?.of===e&&Math.abs(t.time-e.currentTime)<1&&!e.seeking?t.time:e.currentTime}follow(){let e=this.video();if(!e||!(`requestVideoFrameCallback`in e))return;let t=(n,{mediaTime:r})=>{this.picture={of:e,time:r,since:performance.now(),counted:!1},e.paused&&this.moved(),e.requestVideoFrameCallback(t)};e.requestVideoFrameCallback(t)}jump(e){let t=this.video();t&&this.seek(Math.max(0,t.currentTime+e))}toKey(e){let t=this.video();if(!t)return;let n=this.position(t),r=t.paused?2*J:$a,i=e?this.keys.find(e=>e>n+2*J):this.keys.findLast(e=>e<n-r);i!==void 0&&this.seek(i+J)}toPicture(e){let t=this.video();t&&this.pictureLength!==null&&(t.pause(),this.seek(this.beside(this.position(t),this.pictureLength,e)+J))}beside(e,t,n){let{pictures:r}=this;if(!r)return Math.max(0,e+(n?t:-t));let i=r.findLastIndex(t=>t<=e+J/2)+(n?1:-1);return r[Math.min(Math.max(i,0),r.length-2)]??0}standing(){let e=this.video(),{picture:t,pictures:n}=this;if(!e?.paused||e.seeking||t?.of!==e)return;if(!n)return this.pictureLength===null?void 0:[t.time,t.time+this.pictureLength];let r=n.findLastIndex(e=>e<=t.time+J/2),[i,a]=[n[r],n[r+1]];return i===void 0||a===void 0?void 0:[i,a]}countStanding(){let{picture:e}=this,t=this.standing();!e||e.counted||!t||performance.now()-e.since<qa(...t)||(e.counted=!0,this.stood(...t))}isUnseen(){return this.countStanding(),this.video()?.seeking===!0||this.standing()!==void 0&&this.picture?.counted===!1}goTo(e){e.preventDefault();let{t,clock:n}=this.context,r=this.renderRoot.querySelector(`#moment`)?.value??``,i=n.moment(r);if(this.wanted=``,!i)return;let a=Ba(this.moments,i);this.seek(a+J);let o=za(this.moments,a);this.said=Va(this.moments,i)||!o?``:t(`watch.no_picture_then`,{wanted:n.at(i),shown:n.at(o)})}toggle(){let e=this.video();e&&(e.paused?e.play():e.pause(),this.playing=!e.paused)}seek(e){let t=this.video();t&&(this.said=``,this.countStanding(),this.left(),t.currentTime=e)}left(){}point(e){let t=e.currentTarget.getBoundingClientRect();if(!t.width)return;let{start:n,end:r}=this.span(),i=new Date(n).getTime(),a=new Date(r).getTime(),o=new Date(i+(a-i)*(e.clientX-t.left)/t.width);this.seek(Ba(this.moments,o))}setSpeed(e){this.video()&&(this.moved(),this.said=``,this.setRate(e))}setRate(e){let t=this.video();if(!t)return;let n=t.playbackRate;try{t.playbackRate=e}catch{t.playbackRate=n}this.speed=t.playbackRate,this.speed!==e&&(this.said=this.context.t(`watch.speed_refused`,{speed:e}))}faster(e){let t=Za[Za.indexOf(this.speed)+e];t!==void 0&&this.setSpeed(t)}shortcut(e,t){switch(e){case` `:case`k`:return this.toggle.bind(this);case`ArrowLeft`:return this.jump.bind(this,t?-60:-10);case`ArrowRight`:return this.jump.bind(this,t?60:10);case`Home`:return this.seek.bind(this,0);case`End`:return this.seek.bind(this,Math.max(0,this.length()-1));case`,`:case`.`:return this.toKey.bind(this,e===`.`);case`[`:case`]`:return this.toPicture.bind(this,e===`]`);case`-`:case`+`:return this.faster.bind(this,e===`+`?1:-1);case`f`:return document.fullscreenEnabled?this.toggleFull.bind(this):void 0;default:return}}pressed=e=>{let[t]=e.composedPath();if(!this.path||e.ctrlKey||e.metaKey||e.altKey||!(t instanceof HTMLElement)||t.matches(to)||e.key===` `&&t.matches(`button, summary`))return;let n=this.shortcut(e.key,e.shiftKey);n&&(e.preventDefault(),e.stopPropagation(),e.repeat&&eo.includes(e.key)&&this.isUnseen()||n())};length(){let e=this.moments.at(-1);return e?e.offset+e.length:0}toggleFull(){document.fullscreenElement?document.exitFullscreen():this.renderRoot.querySelector(`.screen`)?.requestFullscreen()}controls(){return x}marked(){}keysShown(){return[[`Space / K`,`watch.key_play`],[`← / →`,`watch.key_ten`],[`Shift + ← / →`,`watch.key_minute`],[`, / .`,`watch.key_key`],[`[ / ]`,`watch.key_picture`],[`- / +`,`watch.key_speed`],[`Home / End`,`watch.key_ends`],[`F`,`watch.key_full`]]}pictureShown(){return this.fallback?v`<ha-hls-player
          .hass=${this.context.hass}
          .url=${this.path}
          .controls=${!1}
          .muted=${!0}
          .playsInline=${!0}
          .autoPlay=${!0}
        ></ha-hls-player>`:v`<video
          src=${this.path}
          autoplay
          muted
          playsinline
          disablepictureinpicture
          disableremoteplayback
          controlslist="nodownload nofullscreen noremoteplayback"
          aria-label=${this.label()}
          @timeupdate=${this.moved}
          @seeked=${this.moved}
          @play=${this.moved}
          @pause=${this.moved}
          @ended=${this.moved}
          @error=${this.broken}
        ></video>`}screen(){let{clock:e,info:t}=this.context;return v`<div
      class="screen"
      tabindex="-1"
      @fullscreenchange=${()=>{this.full=document.fullscreenElement!==null}}
    >
      <div
        class="picture"
        @contextmenu=${e=>{e.preventDefault()}}
      >
        ${this.pictureShown()}
        <niiza-cctv-overlay
          .text=${`${t.user.name} ${e.at(this.now)}`}
          .seconds=${Math.floor(this.now.getTime()/1e3)}
        ></niiza-cctv-overlay>
      </div>
      ${this.strip()}
    </div>`}strip(){let{t:e,clock:t}=this.context;return v`<div class="strip">
      <button type="button" aria-label=${e(this.playing?`watch.pause`:`watch.play`)} @click=${this.toggle}>
        <ha-icon icon=${this.playing?`mdi:pause`:`mdi:play`}></ha-icon>
      </button>
      <input
        type="range"
        min="0"
        max=${this.length()}
        step="any"
        aria-label=${e(`watch.position`)}
        aria-valuetext=${this.at?t.at(this.at):`–`}
        .value=${String(this.video()?.currentTime??0)}
        @input=${e=>{this.seek(Number(e.target.value))}}
      />
      ${document.fullscreenEnabled?v`<button
            type="button"
            aria-label=${e(this.full?`watch.leave_full`:`watch.full`)}
            @click=${this.toggleFull}
          >
            <ha-icon icon=${this.full?`mdi:fullscreen-exit`:`mdi:fullscreen`}></ha-icon>
          </button>`:x}
    </div>`}timeAndSpeed(){let{t:e,clock:t}=this.context;return v`<div class="row spread">
      <span class="time" aria-label=${e(`watch.clock`)} role="timer">${this.at?t.tenths(this.at):`–`}</span>
      <span class="row">
        <label for="speed">${e(`watch.speed`)}</label>
        <select
          id="speed"
          @change=${e=>{this.setSpeed(Number(e.target.value))}}
        >
          ${Za.map(e=>v`<option value=${e} ?selected=${e===this.speed}>×${e}</option>`)}
        </select>
      </span>
    </div>`}keyButton(e){let t=this.context.t(e?`watch.next_key`:`watch.last_key`);return v`<button
      type="button"
      aria-label=${t}
      title=${t}
      @click=${()=>{this.toKey(e)}}
    >
      <ha-icon icon=${e?`mdi:skip-next`:`mdi:skip-previous`}></ha-icon>
    </button>`}pictureButton(e){if(this.pictureLength===null)return x;let t=this.context.t(e?`watch.next_picture`:`watch.last_picture`);return v`<button
      type="button"
      aria-label=${t}
      title=${t}
      @click=${()=>{this.toPicture(e)}}
    >
      <ha-icon icon=${e?`mdi:chevron-right`:`mdi:chevron-left`}></ha-icon>
    </button>`}goToForm(){let{t:e,clock:t}=this.context,{start:n,end:r}=this.span();return v`<form class="row" @submit=${this.goTo}>
      <label for="moment">${e(`watch.go_to`)}</label>
      <input
        id="moment"
        type="datetime-local"
        step="1"
        min=${t.field(n)}
        max=${t.field(r)}
        .value=${this.wanted||(this.at?t.field(this.at):``)}
        @input=${e=>{this.wanted=e.target.value}}
      />
      <button type="submit" formnovalidate>${e(`watch.go`)}</button>
    </form>`}keysHelp(){let{t:e}=this.context;return v`<details class="keys small">
      <summary>${e(`watch.keys`)}</summary>
      <dl>
        ${this.keysShown().map(([t,n])=>v`<dt><kbd>${t}</kbd></dt>
              <dd>${e(n)}</dd>`)}
      </dl>
    </details>`}jumpButton(e){let{t}=this.context,n=e<0?`−`:`+`,r=Math.abs(e);return v`<button
      type="button"
      @click=${()=>{this.jump(e)}}
    >
      ${r<60?t(`watch.seconds`,{seconds:`${n}${r}`}):t(`watch.minutes`,{minutes:`${n}${r/60}`})}
    </button>`}below(){let{t:e}=this.context;return v`
      <div class="timeline" @pointerdown=${this.point}>
        ${tr(e,this.span(),this.gaps,this.at?.toISOString(),this.marked())}
      </div>
      ${this.timeAndSpeed()}
      <div class="row jumps" role="group" aria-label=${e(`watch.jump`)}>
        ${this.keyButton(!1)} ${this.pictureButton(!1)} ${Xa.map(e=>this.jumpButton(e))}
        ${this.pictureButton(!0)} ${this.keyButton(!0)}
      </div>
      ${this.goToForm()}
      <div class="small" role="status">${this.said}</div>
      ${this.controls()} ${this.keysHelp()}
    `}render(){let{t:e}=this.context;return v`
      <p class="small soft">${e(`watch.recorded`)}</p>
      ${this.busy?v`<p role="status">${e(`common.loading`)}</p>`:x}
      ${this.errorAlert()}
      ${this.error&&!this.refused?v`<p><button type="button" @click=${()=>void this.open()}>${e(`common.again`)}</button></p>`:x}
      ${this.path?v`${this.screen()}${this.below()}`:x}
    `}};function no(e){return e!==`hevc`||document.createElement(`video`).canPlayType(`video/mp4; codecs="hvc1.1.6.L93.B0"`)!==``}var ro=[`requester`,`representative`],io=class extends Y{static properties={...Y.properties,opened:{attribute:!1}};static styles=[...Y.styles,o`
      .end {
        font-size: 1.3rem;
        min-block-size: 64px;
      }
    `];subject(){return String(this.opened.showing)}source(){return Promise.resolve(this.opened)}span(){return this.opened}label(){return this.context.t(`counter.label`,{camera:this.cameraName})}unplayable(){return`watch.cannot_play_sealed`}brokenWords(){return`counter.broken`}stood(){}controls(){return v`<button
      type="button"
      class="danger end"
      @click=${()=>{this.dispatchEvent(new CustomEvent(`ended`))}}
    >
      <ha-icon icon="mdi:stop-circle"></ha-icon>${this.context.t(`counter.end`)}
    </button>`}},ao=class extends N{static properties={...N.properties,mask:{type:String},cameraName:{type:String},opened:{state:!0},shownTo:{state:!0},present:{state:!0}};static styles=[k,o`
      form {
        display: grid;
        gap: 16px;
      }
      form > .row {
        justify-content: flex-end;
      }
      dialog {
        background: var(--card-background-color);
        block-size: 100dvh;
        border: 0;
        box-sizing: border-box;
        color: inherit;
        inline-size: 100vw;
        max-block-size: none;
        max-inline-size: none;
        overflow: auto;
        padding: 16px;
      }
    `];constructor(){super(),this.shownTo=``,this.present=``}disconnectedCallback(){super.disconnectedCallback(),this.end()}updated(e){super.updated(e);let t=this.renderRoot.querySelector(`dialog`);t&&!t.open&&t.showModal()}async submit(e){if(e.preventDefault(),!e.target.reportValidity()||!B(this.renderRoot,{}))return;let{shownTo:t,present:n}=this;t&&await this.attempt(`open`,async()=>{this.opened=await this.context.api.openCounter(this.mask,t,n.trim())})}async end(){let{opened:e}=this;this.opened=void 0,e&&await this.context.api.endCounter(e.showing).catch(()=>void 0)}async dismiss(){await this.end(),this.dispatchEvent(new CustomEvent(`dismissed`))}form(){let{t:e}=this.context;return v`<niiza-cctv-dialog .heading=${e(`counter.heading`,{mask:this.mask})} @dismissed=${()=>void this.dismiss()}>
      <form @submit=${e=>void this.submit(e)}>
        <p>${e(`counter.recorded`)}</p>
        <fieldset>
          <legend>${e(`counter.shown_to`)} ${pn(e)}</legend>
          <div class="choices">
            ${ro.map(t=>v`<label class="choice"
                  ><input
                    type="radio"
                    name="shown_to"
                    required
                    .checked=${this.shownTo===t}
                    @change=${()=>{this.shownTo=t}}
                  />${e(`counter.${t}`)}</label
                >`)}
          </div>
        </fieldset>
        ${hn(e,{name:`present`,label:e(`fields.present`),required:!0,value:this.present,setValue:e=>{this.present=e,gn(this.renderRoot)}})}
        ${this.errorAlert()}
        <div class="row">
          <button type="button" class="flat" ?disabled=${!!this.busy} @click=${()=>void this.dismiss()}>
            ${e(`common.back`)}
          </button>
          <button type="submit" class="main" ?disabled=${!!this.busy}>
            <ha-icon icon="mdi:monitor-eye"></ha-icon>${e(this.busy?`common.working`:`counter.begin`)}
          </button>
        </div>
      </form>
    </niiza-cctv-dialog>`}render(){return this.opened?v`<dialog aria-label=${this.context.t(`counter.heading`,{mask:this.mask})} @close=${()=>void this.dismiss()}>
      <niiza-cctv-counter
        .context=${this.context}
        .opened=${this.opened}
        .cameraName=${this.cameraName}
        @ended=${()=>void this.dismiss()}
      ></niiza-cctv-counter>
    </dialog>`:this.form()}},oo=class extends N{static properties={...N.properties,marked:{attribute:!1},running:{type:String},failure:{type:String},typed:{state:!0},anew:{state:!0}};static styles=[k,o`
      form {
        display: grid;
        gap: 16px;
      }
      .row {
        justify-content: flex-end;
      }
    `];constructor(){super(),this.running=``,this.failure=``,this.typed={},this.anew=!1}moment(e){let t=this.typed[e];return t===void 0?this.marked[e]:U(t)}shown(e){return this.typed[e]??this.context.clock.field(this.marked[e])}submit(e){e.preventDefault();let{t,api:n}=this.context,r=U(this.shown(`start`))>U(this.shown(`end`));if(!B(this.renderRoot,r?{"#end":t(`cut.end_first`)}:{}))return;let[i,a]=[this.moment(`start`),this.moment(`end`)];this.dispatchEvent(new CustomEvent(`submitted`,{detail:{name:`cut_clip`,run:()=>n.cutClip(this.marked.clip,i,a,this.anew)}}))}dismiss(){this.dispatchEvent(new CustomEvent(`dismissed`))}field(e){return z(this.context.t,{name:e,label:this.context.t(`cut.${e}`),type:`datetime-local`,required:!0,value:this.shown(e),setValue:t=>{this.typed={...this.typed,[e]:t},gn(this.renderRoot)}})}render(){let{t:e}=this.context;return v`<niiza-cctv-dialog .heading=${e(`cut.heading`,{clip:this.marked.clip})} @dismissed=${this.dismiss}>
      <form novalidate @submit=${this.submit}>
        <p>${e(`cut.help`)}</p>
        ${this.field(`start`)} ${this.field(`end`)}
        <label class="choice"
          ><input
            type="checkbox"
            .checked=${this.anew}
            @change=${e=>{this.anew=e.target.checked}}
          />${e(`cut.anew`)}</label
        >
        ${this.errorAlert(this.failure)}
        <div class="row">
          <button type="button" class="flat" ?disabled=${!!this.running} @click=${this.dismiss}>
            ${e(`common.back`)}
          </button>
          <button type="submit" class="main" ?disabled=${!!this.running}>
            <ha-icon icon="mdi:content-cut"></ha-icon>${e(this.running===`cut_clip`?`common.working`:`cut.cut`)}
          </button>
        </div>
      </form>
    </niiza-cctv-dialog>`}};function so(e){let{activeElement:t}=e;return t?.shadowRoot?.activeElement?so(t.shadowRoot):t instanceof HTMLElement?t:void 0}var co=class extends w{static properties={heading:{type:String}};static styles=[k,o`
      dialog {
        background: var(--card-background-color);
        border: 1px solid var(--divider-color);
        border-radius: 16px;
        color: inherit;
        inline-size: min(600px, calc(100vw - 32px));
        max-block-size: calc(100dvh - 48px);
        overflow: auto;
        padding: 24px;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 55%);
      }
    `];from;disconnectedCallback(){super.disconnectedCallback(),this.from?.isConnected&&this.from.focus()}firstUpdated(){this.from=so(document),this.renderRoot.querySelector(`dialog`)?.showModal()}closed(){this.dispatchEvent(new CustomEvent(`dismissed`))}render(){return v`<dialog aria-labelledby="heading" @close=${this.closed}>
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
    </dialog>`}},lo=class extends P{static properties={...P.properties,verified:{state:!0},verifiedAt:{state:!0},link:{state:!0},entries:{state:!0},folders:{state:!0}};static styles=[k,o`
      .entries {
        list-style: none;
        margin: 0 0 16px;
        padding: 0;
      }
      .entries li {
        padding: 8px 0;
        border-bottom: 1px solid var(--divider-color);
      }
      .entries .row {
        gap: 0 12px;
      }
      .entries li.refused strong {
        color: var(--niiza-error-letters);
      }
    `];constructor(){super(),this.entries=[],this.folders=[]}async read(){let{entries:e,folders:t}=await this.context.api.ledgerPage(),n=e.at(-1)?.number??0;this.folders=t,this.entries=[...e,...this.entries.filter(e=>e.number<n)]}async older(){await this.attempt(`older`,async()=>{let e=this.entries.at(-1)?.number;e!==void 0&&(this.entries=[...this.entries,...(await this.context.api.ledgerPage(e)).entries])})}entry(e){let{t,clock:n}=this.context,r=e.details.passage;return v`<li class=${e.action===`refused`?`refused`:``}>
      <div class="row">
        <strong class="with-icon"
          >${e.action===`refused`?v`<ha-icon icon="mdi:cancel"></ha-icon>`:x}${j(t,`history.${e.action}`,e.action)}</strong
        >
        <span>${e.person?.name??t(`history.nobody`)}</span>
        ${e.case?v`<a href="${M}/case/${e.case}">${e.case}</a>`:v`<span>${e.camera??``}</span>`}
      </div>
      <div class="soft small">${e.number} · <time datetime=${e.at}>${n.at(e.at)}</time></div>
      ${r?v`<div class="small">${G(t,n,r)}</div>`:x}
      ${si(this.context,e,{case:e.case??``,camera:()=>e.camera??void 0}).map(e=>v`<div class="small">${e}</div>`)}
    </li>`}async verify(){this.verified=void 0,await this.attempt(`verify`,async()=>{this.verified=await this.context.api.verifyLedger(),this.verifiedAt=/* @__PURE__ */ new Date})}async export(e){this.link=void 0,await this.attempt(e,async()=>{this.link=await this.context.api.exportLedger(e)})}print(){let{t:e,clock:t,info:n}=this.context;Ut(e(`ledger.anchor_heading`),[[e(`ledger.number`),String(n.ledger.number)],[e(`ledger.hash`),n.ledger.hash],[e(`ledger.printed_at`),t.at(/* @__PURE__ */ new Date)],[e(`ledger.printed_by`),n.user.name],[e(`ledger.keep`),e(`ledger.anchor_help`)]])}verdict(){let{t:e,clock:t}=this.context;if(!this.verified||!this.verifiedAt)return x;let{broken:n,entries:r,reason:i}=this.verified,a=t.at(this.verifiedAt);return n===null?v`<ha-alert alert-type="success">${e(`ledger.whole`,{entries:r,at:a})}</ha-alert>`:v`<ha-alert alert-type="error">${e(`ledger.broken`,{number:n,reason:i,at:a})}</ha-alert>`}head(){let{t:e,info:t}=this.context,{number:n,hash:r}=t.ledger;return v`<ha-card>
      <h2>${e(`ledger.head`)}</h2>
      <p>${e(`ledger.head_help`)}</p>
      <dl>
        <dt>${e(`ledger.number`)}</dt>
        <dd>${n}</dd>
        <dt>${e(`ledger.hash`)}</dt>
        <dd class="mono">${r}</dd>
      </dl>
      <p></p>
      <div class="row">
        <button ?disabled=${!n} @click=${this.print}><ha-icon icon="mdi:printer"></ha-icon>${e(`ledger.print`)}</button>
      </div>
    </ha-card>`}verification(){let{t:e,info:t}=this.context;return v`<ha-card>
      <h2>${e(`ledger.verify_heading`)}</h2>
      <p>${e(`ledger.verify_help`)}</p>
      <div class="row">
        <button class="main" ?disabled=${!!this.busy||!t.ledger.available} @click=${this.verify}>
          <ha-icon icon="mdi:link-variant"></ha-icon>
          ${e(this.busy===`verify`?`ledger.verifying`:`ledger.verify`)}
        </button>
      </div>
      <div role="status">${this.verdict()}</div>
    </ha-card>`}exports(){let{t:e,info:t}=this.context,n=t.roles.some(e=>e!==`viewer`),r=!!this.busy||!t.ledger.available||!n;return v`<ha-card>
      <h2>${e(`ledger.export_heading`)}</h2>
      <p>${e(`ledger.export_help`)}</p>
      <div class="row">
        ${[`csv`,`jsonl`].map(t=>v`<button
              ?disabled=${r}
              aria-describedby=${n?x:`export-why`}
              @click=${()=>void this.export(t)}
            >
              <ha-icon icon="mdi:file-export"></ha-icon>${e(t===`csv`?`ledger.csv`:`ledger.jsonl`)}
            </button>`)}
      </div>
      ${n?x:v`<p id="export-why" class="soft small">${e(`why.not_ledger`)}</p>`}
      <div role="status">${this.link?this.download(this.link):x}</div>
    </ha-card>`}download({link:e,file:t,expires:n}){let{t:r,clock:i}=this.context;return v`<p class="row">
      <a class="button main" href=${e} download @click=${this.forgetLink}
        ><ha-icon icon="mdi:download"></ha-icon>${r(`release.download`,{name:t.name})}</a
      >
      <span class="small">${r(`release.once`,{at:i.at(n)})} ${r(`release.anyone`)}</span>
    </p>`}forgetLink(){setTimeout(()=>{this.link=void 0})}strays(){let{t:e}=this.context;return this.folders.length?v`<ha-card>
      <h2>${e(`ledger.folders_heading`)}</h2>
      <p>${e(`ledger.folders_help`)}</p>
      <ul class="folders">
        ${this.folders.map(({folder:t,files:n,size:r})=>v`<li>${e(`ledger.folder`,{folder:t,files:n,size:(r/1e6).toFixed(1)})}</li>`)}
      </ul>
    </ha-card>`:x}newest(){let{t:e}=this.context;return v`<ha-card>
      <h2>${e(`ledger.entries_heading`)}</h2>
      ${this.errorAlert(this.unread)}
      <ol class="entries">
        ${this.entries.map(e=>this.entry(e))}
      </ol>
      ${(this.entries.at(-1)?.number??1)>1?v`<button ?disabled=${!!this.busy} @click=${()=>void this.older()}>${e(`ledger.older`)}</button>`:x}
    </ha-card>`}render(){return v`<div class="page">
      <h1 tabindex="-1">${this.context.t(`ledger.heading`)}</h1>
      ${this.head()} ${this.verification()} ${this.exports()} ${this.strays()} ${this.newest()} ${this.errorAlert()}
    </div>`}},uo=700,fo=class e{api;clip;told;state=`saved`;error;savedAt=null;found=null;latest=Ke;saved=Ke;known=null;timer;constructor(e,t,n){this.api=e,this.clip=t,this.told=n}static async open(t,n,r){let i=new e(t,n,r),{track:a,sha256:o,saved_by:s,saved_at:c}=await t.maskTrack(n);i.saved=i.latest=a?qe(a):Ke,i.known=o,i.found=s&&c?{name:s.name,at:c}:null;let l=ua(i.name);return l.track&&(i.known=l.based_on??null,i.change(JSON.parse(l.track))),i}get track(){return this.latest}get sha256(){return this.latest===this.saved?this.known:null}get name(){return`mask/${this.clip}`}change(e){this.latest=e,da(this.name,{track:JSON.stringify(e),...this.known?{based_on:this.known}:{}}),this.state!==`conflict`&&(this.state!==`saving`&&this.turn(`unsaved`),clearTimeout(this.timer),this.timer=setTimeout(()=>void this.save(),uo))}async save(){if(clearTimeout(this.timer),this.state===`saving`||this.state===`conflict`||this.latest===this.saved)return;let e=this.latest;this.error=void 0,this.turn(`saving`);try{let{sha256:t}=await this.api.saveMaskTrack(this.clip,e,this.known);this.saved=e,this.known=t,this.savedAt=/* @__PURE__ */ new Date}catch(e){this.error=e;let t=e instanceof Mt&&e.cause.translation_key===`mask_track_changed`;this.turn(t?`conflict`:`failed`);return}this.latest===e?(ma(this.name),this.turn(`saved`)):(this.turn(`unsaved`),await this.save())}async keepMine(){this.known=(await this.api.maskTrack(this.clip)).sha256,this.turn(`unsaved`),await this.save()}discard(){clearTimeout(this.timer),this.latest=this.saved,ma(this.name)}turn(e){this.state=e,this.told()}};function po({shape:e,sides:[t,n,r,i]},a){return e===`ellipse`?y`<ellipse cx=${(t+r)/2} cy=${(n+i)/2} rx=${(r-t)/2} ry=${(i-n)/2} fill=${a}></ellipse>`:y`<rect x=${t} y=${n} width=${r-t} height=${i-n} fill=${a}></rect>`}function mo(e){let t=e.filter(({standing:e})=>e===`in_force`);return v`<svg class="blackout" viewBox="0 0 ${T} ${T}" preserveAspectRatio="none" aria-hidden="true">
    <mask id="all">
      <rect width=${T} height=${T} fill="white"></rect>
      ${t.filter(({which:e})=>e.kind===`reveal`).map(e=>po(e,`black`))}
      ${t.filter(({which:e})=>e.kind===`hide`).map(e=>po(e,`white`))}
    </mask>
    <rect width=${T} height=${T} mask="url(#all)"></rect>
  </svg>`}var ho=`important`,go=` !`+ho,_o=Qt(class extends $t{constructor(e){if(super(e),e.type!==F.ATTRIBUTE||e.name!==`style`||e.strings?.length>2)throw Error("The `styleMap` directive must be used in the `style` attribute and must be the only part in the attribute.")}render(e){return Object.keys(e).reduce((t,n)=>{let r=e[n];return r==null?t:t+`${n=n.includes(`-`)?n:n.replace(/(?:^(webkit|moz|ms|o)|)(?=[A-Z])/g,`-$&`).toLowerCase()}:${r};`},``)}update(e,[t]){let{style:n}=e.element;if(this.ft===void 0)return this.ft=new Set(Object.keys(t)),this.render(t);for(let e of this.ft)t[e]??(this.ft.delete(e),e.includes(`-`)?n.removeProperty(e):n[e]=null);for(let e in t){let r=t[e];if(r!=null){this.ft.add(e);let t=typeof r==`string`&&r.endsWith(go);e.includes(`-`)||t?n.setProperty(e,t?r.slice(0,-11):r,t?ho:``):n[e]=r}}return b}}),vo=[`nw`,`n`,`ne`,`e`,`se`,`s`,`sw`,`w`],yo=[`nw`,`ne`,`se`,`sw`],bo=60,X={across:28,down:24},xo=4,So={across:6e4,down:2e5};function Z(e,t){return e?.kind!==void 0&&e.kind===t?.kind&&e.index===t.index}var Co=class extends N{static properties={...N.properties,src:{type:String},label:{type:String},width:{type:Number},height:{type:Number},boxes:{attribute:!1},selected:{attribute:!1},editable:{type:Boolean},drawing:{type:Boolean},waiting:{type:Boolean},zoom:{type:Number},drag:{state:!0},size:{state:!0}};static styles=[k,o`
      .view {
        padding: ${X.down}px ${X.across}px;
      }
      /* As large on the page as the whole picture is. */
      .view.zoomed {
        overflow: auto;
        overscroll-behavior: contain;
      }
      .frame {
        --line: #fff;
        background: #000;
        position: relative;
        touch-action: pan-x pan-y pinch-zoom;
        user-select: none;
      }
      .frame.drawing {
        cursor: crosshair;
        touch-action: none;
      }
      .frame:focus-visible {
        outline-offset: 4px;
      }
      img {
        block-size: 100%;
        display: block;
        inline-size: 100%;
        -webkit-user-drag: none;
      }
      .waiting {
        background: rgb(0 0 0 / 75%);
        border-radius: 8px;
        color: #fff;
        inset-block-start: 8px;
        inset-inline-start: 8px;
        padding: 2px 10px;
        pointer-events: none;
        position: absolute;
        z-index: 3;
      }
      .box {
        --line: #fff;
        border: 3px solid var(--line);
        box-shadow: 0 0 0 2px #000;
        position: absolute;
      }
      .box.ellipse {
        border-radius: 50%;
      }
      .editable .box {
        cursor: move;
        touch-action: none;
      }
      .box.proposed {
        --line: #ffd54a;
        border-style: dashed;
      }
      .box.rejected,
      .box.outside {
        --line: #e0e0e0;
        border-style: dotted;
      }
      .box.rejected {
        background: repeating-linear-gradient(-45deg, rgb(0 0 0 / 55%) 0 6px, rgb(255 255 255 / 35%) 6px 8px);
      }
      .box.hide {
        background: repeating-linear-gradient(45deg, rgb(0 0 0 / 85%) 0 8px, rgb(90 90 90 / 85%) 8px 12px);
      }
      .box.hide.outside {
        background: none;
      }
      .box.selected {
        z-index: 1;
      }
      .box.selected.in_force {
        --line: #6fd3ff;
      }
      .name {
        background: #000;
        border-radius: 4px;
        color: var(--line);
        font-size: 0.8125rem;
        inset-block-end: calc(100% + 5px);
        inset-inline-start: -3px;
        line-height: 1.3;
        padding: 1px 6px;
        pointer-events: none;
        position: absolute;
        white-space: nowrap;
      }
      .box.selected .name {
        inset-block-end: calc(100% + 28px);
      }
      .box.selected .name.below {
        inset-block: calc(100% + 28px) auto;
      }
      .name.below {
        inset-block: calc(100% + 5px) auto;
      }
      .name.before {
        inset-inline: auto -3px;
      }
      .handle {
        block-size: 44px;
        display: grid;
        inline-size: 44px;
        place-items: center;
        position: absolute;
        touch-action: none;
        transform: translate(-50%, -50%);
        z-index: 2;
      }
      .handle::after {
        background: var(--line);
        block-size: 14px;
        border: 2px solid #000;
        border-radius: 3px;
        content: "";
        inline-size: 14px;
      }
    `];anchor;measure=new ResizeObserver(e=>{let t=e.at(-1)?.contentRect;t&&(this.size={width:t.width,height:t.height})});constructor(){super(),this.src=``,this.label=``,this.width=16,this.height=9,this.boxes=[],this.editable=!1,this.drawing=!1,this.waiting=!1,this.zoom=1,this.size={width:0,height:0}}disconnectedCallback(){super.disconnectedCallback(),this.measure.disconnect()}firstUpdated(){let e=this.frame();e&&this.measure.observe(e)}willUpdate(e){e.has(`src`)&&this.drag&&this.end()}updated(e){let t=e.get(`zoom`);t&&this.grow(this.zoom/t),(t?!this.anchor:e.has(`boxes`)&&!this.drag)&&this.follow(),this.anchor=void 0}grow(e){let t=this.view();if(!t)return;let{x:n,y:r}=this.anchor??{x:t.clientWidth/2,y:t.clientHeight/2};t.scrollLeft=X.across+(t.scrollLeft+n-X.across)*e-n,t.scrollTop=X.down+(t.scrollTop+r-X.down)*e-r}follow(){let e=this.view(),t=this.frame(),n=this.boxes.find(({which:e})=>Z(e,this.selected));if(!e||!t||!n||this.zoom===1)return;let[r,i,a,o]=n.sides,{across:s,down:c}=X,l=e=>e/T*t.offsetWidth,u=e=>e/T*t.offsetHeight;e.scrollLeft=To(e.scrollLeft,e.clientWidth,l(r),l(a)+2*s),e.scrollTop=To(e.scrollTop,e.clientHeight,u(i),u(o)+2*c)}wheel(e){if(!e.ctrlKey)return;e.preventDefault();let t=this.view()?.getBoundingClientRect();!this.drag&&t&&(this.anchor={x:e.clientX-t.left,y:e.clientY-t.top},this.dispatchEvent(new CustomEvent(`zoomed`,{detail:e.deltaY<0?1:-1})))}view(){return this.renderRoot.querySelector(`.view`)}focus(){this.frame()?.focus({preventScroll:!0})}frame(){return this.renderRoot.querySelector(`.frame`)}tell(e,t){this.dispatchEvent(new CustomEvent(e,{detail:t}))}take(e,t,n){if(!this.editable||this.waiting||this.drag||e.button!==0||this.drawing!==(t===`draw`))return;e.preventDefault(),e.stopPropagation();let r=this.frame();if(!r)return;r.setPointerCapture(e.pointerId),this.focus();let i=n?.sides??this.point(e),{pointerId:a,clientX:o,clientY:s}=e;this.drag={pointer:a,handle:t,which:n?.which,from:i,x:o,y:s,now:i,far:!1},n&&this.tell(`picked`,n.which)}point({clientX:e,clientY:t}){let n=this.frame()?.getBoundingClientRect();if(!n?.width||!n.height)return[0,0,0,0];let r=(e-n.left)/n.width*T,i=(t-n.top)/n.height*T;return[r,i,r,i]}move(e){let{drag:t}=this;if(e.pointerId!==t?.pointer)return;let n=this.frame()?.getBoundingClientRect();if(!n?.width||!n.height)return;let r=t.far||Math.hypot(e.clientX-t.x,e.clientY-t.y)>=xo;if(!r)return;let i=wo(t,(e.clientX-t.x)/n.width*T,(e.clientY-t.y)/n.height*T);this.drag={...t,now:i,far:r},this.tell(`holding`,{which:t.which,sides:i})}release(e){let{drag:t}=this;if(e.pointerId===t?.pointer){if(this.end(),t.far)this.tell(`placed`,{which:t.which,sides:t.now});else if(t.handle===`draw`){let[e,n]=t.from,{across:r,down:i}=So;this.tell(`placed`,{which:void 0,sides:E([e-r,n-i,e+r,n+i])})}}}end(){this.drag=void 0,this.tell(`holding`,void 0)}cancel(e){e.pointerId===this.drag?.pointer&&this.end()}box(e){let{drag:t}=this,n=t&&Z(t.which,e.which)?t.now:e.sides,r=Z(this.selected,e.which),{t:i}=this.context,a=e.standing===`in_force`?``:i(`mask.standing_${e.standing}`),o=n[1]<12e4;return v`<div
      class="box ${e.which.kind} ${e.shape} ${e.standing} ${r?`selected`:``}"
      style=${_o(Eo(n))}
      @pointerdown=${t=>{this.take(t,`move`,e)}}
    >
      <span class="name ${o?`below`:``} ${n[0]>7e5?`before`:``}">${e.name} ${a}</span>
    </div>
    ${r&&this.editable&&!this.drawing?this.handles(e,n):x}`}handles(e,t){let n=(t[2]-t[0])/T*this.size.width,r=(t[3]-t[1])/T*this.size.height,i=e=>(`ns`.includes(e)?n:r)<bo;return vo.filter(e=>yo.includes(e)||!i(e)).map(n=>v`<div
          class="handle"
          data-handle=${n}
          style=${_o(Do(t,n))}
          @pointerdown=${t=>{this.take(t,n,e)}}
        ></div>`)}render(){let e=this.zoom>1,t=`${this.width} / ${this.height}`;return v`<div class="view ${e?`zoomed`:``}" style=${_o(e?{"aspect-ratio":t}:{})} @wheel=${this.wheel}>
      ${this.picture(t)}
    </div>`}picture(e){let{drag:t}=this,{t:n}=this.context;return v`<div
      class="frame ${this.drawing?`drawing`:``} ${this.editable?`editable`:``}"
      style=${_o({"aspect-ratio":e,"inline-size":`${this.zoom*100}%`})}
      role="group"
      tabindex="0"
      aria-label=${this.label}
      aria-busy=${this.waiting}
      @pointerdown=${e=>{this.take(e,`draw`)}}
      @pointermove=${this.move}
      @pointerup=${this.release}
      @pointercancel=${this.cancel}
    >
      ${this.src?v`<img
            src=${this.src}
            alt=${this.label}
            draggable="false"
            @load=${()=>this.dispatchEvent(new CustomEvent(`shown`,{detail:this.src}))}
            @error=${()=>this.dispatchEvent(new CustomEvent(`unshown`,{detail:this.src}))}
          />`:x}
      ${this.boxes.map(e=>this.box(e))}
      ${t?.handle===`draw`&&t.far?v`<div class="box box selected in_force" style=${_o(Eo(t.now))}></div>`:x}
      ${this.waiting?v`<span class="waiting small">${n(`common.loading`)}</span>`:x}
    </div>`}};function wo(e,t,n){switch(e.handle){case`move`:return ct(e.from,t,n);case`draw`:return E([e.from[0],e.from[1],e.from[0]+t,e.from[1]+n]);default:return lt(e.from,e.handle,t,n)}}function To(e,t,n,r){return r-n>t?(n+r-t)/2:Math.min(Math.max(e,r-t),n)}var Q=e=>`${e/T*100}%`;function Eo([e,t,n,r]){return{left:Q(e),top:Q(t),width:Q(n-e),height:Q(r-t)}}function Do([e,t,n,r],i){let a=(e,t,n,r)=>n?`calc(${Q(e)} - 14px)`:r?`calc(${Q(t)} + 14px)`:Q((e+t)/2);return{left:a(e,n,i.includes(`w`),i.includes(`e`)),top:a(t,r,i.includes(`n`),i.includes(`s`)),cursor:`${i}-resize`}}var Oo=400,ko=o`
  .scrubber {
    --thumb: 22px;
    display: grid;
    gap: 4px;
  }
  .scrubber input[type="range"] {
    accent-color: var(--primary-color);
    margin: 0;
    min-block-size: 44px;
    padding: 0;
    border: 0;
    inline-size: 100%;
  }
  .lane {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
    block-size: 22px;
    border-radius: 4px;
    cursor: pointer;
    margin-inline: calc(var(--thumb) / 2);
    position: relative;
  }
  .lane.selected {
    outline: 2px solid var(--primary-text-color);
  }
  .lane span {
    pointer-events: none;
    position: absolute;
  }
  .lane .seen {
    background: var(--primary-color);
    block-size: 8px;
    inset-block-start: 7px;
    min-inline-size: 2px;
  }
  .lane .hides {
    background: repeating-linear-gradient(45deg, var(--primary-text-color) 0 4px, transparent 4px 6px);
    block-size: 8px;
    inset-block-start: 7px;
    min-inline-size: 2px;
  }
  .lane .out,
  .legend .out {
    background: repeating-linear-gradient(-45deg, var(--primary-text-color) 0 2px, transparent 2px 6px);
    border: 1px solid var(--primary-text-color);
    inset-block: 2px;
    min-inline-size: 4px;
  }
  .mark-key {
    background: var(--primary-text-color);
    block-size: 10px;
    inline-size: 10px;
    inset-block-start: 6px;
    margin-inline-start: -5px;
    transform: rotate(45deg);
  }
  .mark-key.proposed {
    background: var(--card-background-color);
    border: 2px dashed var(--primary-text-color);
  }
  .lane .here {
    background: var(--error-color);
    inline-size: 2px;
    inset-block: -3px;
  }
  .legend {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
  }
  .legend > span {
    align-items: center;
    display: inline-flex;
    gap: 8px;
  }
  .legend i {
    display: inline-block;
    flex: none;
    margin: 0 2px;
  }
  .legend .out {
    block-size: 14px;
    inline-size: 18px;
  }
  .legend .seen {
    background: var(--primary-color);
    block-size: 8px;
    inline-size: 22px;
  }
`;function Ao(e){let{t,track:n,pictures:r,place:i}=e;return v`<div class="scrubber">
    ${n.reveal.map((t,n)=>No(e,{kind:`reveal`,index:n},t))}
    ${n.hide.map(({keys:t},n)=>Po(e,{kind:`hide`,index:n},t))}
    <input
      type="range"
      id="place"
      min="0"
      max=${Math.max(0,r.length-1)}
      .value=${String(i)}
      aria-label=${t(`mask.place`)}
      aria-valuetext=${e.words}
      @input=${t=>{e.go(Number(t.target.value))}}
    />
  </div>`}function jo(e){return v`<p class="legend small">
    <span><i class="mark-key"></i>${e(`mask.legend_key`)}</span>
    <span><i class="mark-key proposed"></i>${e(`mask.legend_proposed`)}</span>
    <span><i class="seen"></i>${e(`mask.legend_seen`)}</span>
    <span><i class="out"></i>${e(`mask.legend_rejected`)}</span>
  </p>`}function Mo(e,t,n){let{pictures:r,place:i}=e,[a=0,o=0]=[r[0],r.at(-1)];return v`<div
    class="lane ${Z(t,e.selected)?`selected`:``}"
    role="img"
    aria-label=${e.name(t)}
    @click=${t=>{let n=t.currentTarget.getBoundingClientRect();n.width&&e.goTo(a+(t.clientX-n.left)/n.width*(o-a))}}
  >
    ${n}<span class="here" style="left:${Lo(e,r[i]??a)}%"></span>
  </div>`}function No(e,t,n){return Mo(e,t,v`${it(n).map(t=>Io(e,t,`seen`))}
    ${n.rejected.map(t=>Io(e,t,`out`))} ${Fo(e,t)}`)}function Po(e,t,n){let[r,i]=[n[0],n.at(-1)];return Mo(e,t,v`${r&&i?Io(e,[r.at_us-We,i.at_us+We],`hides`):x}
    ${Fo(e,t)}`)}function Fo(e,t){let n=nt(e.track,t);return n.length>Oo?x:n.map(({at_us:t,confirmed:n})=>v`<span class="mark-key ${n===!1?`proposed`:``}" style="left:${Lo(e,t)}%"></span>`)}function Io(e,[t,n],r){let i=Lo(e,t);return v`<span class=${r} style="left:${i}%;width:${Lo(e,n)-i}%"></span>`}function Lo({pictures:e},t){let[n=0,r=0]=[e[0],e.at(-1)];return r<=n?0:Math.min(100,Math.max(0,(t-n)/(r-n)*100))}var $=1e6,Ro=1e4,zo=1e3,Bo=2e5,Vo=150,Ho=350,Uo=1e3,Wo=[2,5,10],Go=[1,1.5,2,3,4,6],Ko=5e3,qo=[44e4,3e5,56e4,7e5],Jo={saved:`mdi:cloud-check`,unsaved:`mdi:cloud-clock`,saving:`mdi:cloud-upload`,failed:`mdi:cloud-alert`,conflict:`mdi:account-alert`},Yo=[[`← → ↑ ↓`,`mask.key_move`],[`Shift + ← → ↑ ↓`,`mask.key_size`],[`Alt + …`,`mask.key_fine`],[`PageUp / PageDown`,`mask.key_picture`],[`Shift + PageUp / PageDown`,`mask.key_key`],[`+ / − / 0`,`mask.key_zoom`],[`K`,`mask.key_confirm`],[`P`,`mask.key_propose`],[`Delete`,`mask.key_delete`],[`Ctrl + Z / Ctrl + Y`,`mask.key_undo`]],Xo=[`mask.key_picture`,`mask.key_key`,`mask.key_zoom`],Zo=class extends P{static properties={...P.properties,caseId:{type:String},item:{type:String},shown:{state:!0},view:{state:!0},history:{state:!0},place:{state:!0},loaded:{state:!0},selected:{state:!0},drawing:{state:!0},held:{state:!0},seconds:{state:!0},rejectFrom:{state:!0},running:{state:!0},said:{state:!0},broken:{state:!0},masked:{state:!0},maskedLoaded:{state:!0},kept:{state:!0},look:{state:!0},zoom:{state:!0},watched:{state:!0},uncounted:{state:!0}};static styles=[k,ko,o`
      .page {
        gap: 8px;
        max-width: 1700px;
        padding-block-start: 8px;
      }
      .head {
        align-items: baseline;
        gap: 4px 20px;
      }
      .tools {
        padding-block: 12px;
      }
      .tools.tools {
        gap: 4px;
      }
      h1 {
        font-size: 1.3rem;
      }
      .panes {
        display: grid;
        gap: 0 8px;
        grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        margin-inline: -12px;
      }
      figure {
        margin: 0;
        min-inline-size: 0;
      }
      figcaption {
        padding-inline: 28px;
      }
      .side {
        align-content: start;
        display: grid;
        gap: 12px;
      }
      .side > :not(figure) {
        margin: 0 16px 0 28px;
      }
      .will {
        padding: 24px 28px 8px;
      }
      .will > div {
        background: #000;
        position: relative;
      }
      .will img {
        block-size: 100%;
        display: block;
        inline-size: 100%;
      }
      .will .blackout,
      .will .real {
        block-size: 100%;
        fill: #383838;
        inline-size: 100%;
        inset: 0;
        position: absolute;
      }
      .will .real {
        visibility: hidden;
      }
      .will .real.there {
        visibility: visible;
      }
      .tools {
        display: grid;
        gap: 12px;
      }
      .tools .row {
        gap: 8px;
      }
      .tools button {
        padding-inline: 12px;
      }
      .under {
        display: grid;
        gap: 4px;
        padding-inline: 16px;
      }
      .moving button {
        white-space: nowrap;
      }
      .moving.moving {
        gap: 4px;
        justify-content: center;
      }
      .zooming {
        margin-inline-start: 16px;
      }
      .zoom {
        font-variant-numeric: tabular-nums;
        min-inline-size: 3.2em;
        text-align: center;
      }
      .tools .time {
        font-variant-numeric: tabular-nums;
        line-height: 1.3;
        min-inline-size: 7.5em;
        text-align: center;
      }
      /* Beside Home Assistant's menu: on a line of its own, one step would look like another kind of step. */
      @media (max-width: 1500px) {
        .moving ha-icon {
          display: none;
        }
      }
      @media (max-width: 1100px) {
        .tools button {
          padding-inline: 8px;
        }
        .side > :not(figure) {
          margin-inline: 8px 0;
        }
      }
      .tools select {
        inline-size: auto;
      }
      .ranges button[aria-pressed="true"] {
        border-color: var(--primary-color);
        box-shadow: inset 0 0 0 2px var(--primary-color);
      }
      .said {
        min-block-size: 3.2em;
      }
      .seen-list {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .small-screen {
        display: none;
      }
      @media (max-width: 760px) {
        .panes {
          grid-template-columns: minmax(0, 1fr);
        }
        .small-screen {
          display: block;
        }
        .tools .time {
          flex: 1 0 100%;
          order: -1;
        }
      }
    `];draft;opened=``;trackSha256=null;renewedAt=0;wanted=``;calmTimer;runTimer;seenPlace;seeTimer;tellTimer;teller=new Ka(async(e,t)=>{let n=await this.context.api.tellWatched(e,t);e===this.item&&(this.watched=n)},e=>{this.uncounted=e===void 0?``:this.wording(e)});back=()=>{this.masked&&this.maskedLoaded===this.masked&&this.see()};leaving=()=>{this.draft?.save(),this.tell()};constructor(){super(),this.caseId=``,this.item=``,this.history=Dt(Ke),this.place=0,this.loaded=``,this.drawing=``,this.seconds=10,this.said=``,this.broken=!1,this.masked=``,this.maskedLoaded=``,this.kept=0,this.look={fill:`solid`,plate_at_us:void 0},this.zoom=1,this.uncounted=``}connectedCallback(){super.connectedCallback(),window.addEventListener(`pagehide`,this.leaving),document.addEventListener(`visibilitychange`,this.back),this.tellTimer=setInterval(()=>void this.tell(),Uo)}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener(`pagehide`,this.leaving),document.removeEventListener(`visibilitychange`,this.back),clearTimeout(this.calmTimer),clearTimeout(this.seeTimer),clearInterval(this.tellTimer),this.stop(),this.leaving()}willUpdate(e){if(e.has(`item`)){let t=e.get(`item`);t&&this.teller.tell(t,!1),this.refresh()}super.willUpdate(e),this.wantMasked()}wantMasked(){let e=this.maskedWanted();e!==this.wanted&&(this.wanted=e,this.masked=``,clearTimeout(this.calmTimer),clearTimeout(this.seeTimer),e&&(this.isReview()?this.masked=e:this.calmTimer=setTimeout(()=>{this.masked=e},Ho)))}async read(){let{caseId:e,item:t}=this,{api:n}=this.context,r=await n.getCase(e);if(t!==this.item)return;this.shown=r;let{clip:i,mask:a}=this.found();if(this.opened===t||!i?.sealed)return;let o=await n.maskView(t),s=a?void 0:await fo.open(n,t,()=>this.kept+=1),c=a?await n.maskTrack(t):void 0;if(t!==this.item)return;this.opened=t,this.draft=s,this.trackSha256=c?.sha256??null;let l=s?.track??(c?.track?qe(c.track):Ke);this.history=Dt(l),this.view=a?$o(o,a.passage_us):o,this.watched=a?.watched??void 0,this.seenPlace=void 0,this.select(l.reveal.length?{kind:`reveal`,index:0}:void 0),this.drawing=this.editable()&&!l.reveal.length?`reveal`:``;let u=l.reveal[0]?.keys[0]?.at_us;this.place=u===void 0?0:Et(this.view.pictures,u)}found(){for(let e of this.shown?.passages??[]){if(e.clip===this.item)return{clip:e};let t=e.masks.find(e=>e.mask===this.item);if(t)return{clip:e,mask:t}}return{}}isReview(){return this.found().mask!==void 0}editable(){let{clip:e,mask:t}=this.found();return!t&&!!e?.offers.includes(`mask_clip`)}get track(){return this.history.now}get at(){return this.view?.pictures[this.place]??0}turn(e){this.history=e,this.draft?.change(e.now);let{selected:t}=this;t&&!nt(e.now,t).length&&this.select(void 0)}commit(e,t=``){this.editable()&&this.turn(Ot(this.history,e,t))}async loadTheirs(){this.draft?.discard(),this.opened=``,await this.refresh()}source(e=this.place){let t=this.view?.pictures[e];return t===void 0?``:`${this.view?.base??``}/source/${t}.jpg`}waiting(){return this.loaded!==this.source()}shownFor(e){let{pictures:t=[],end_us:n=0}=this.view??{},r=t[0]??0;return[((t[e]??r)-r)/$,((t[e+1]??n)-r)/$]}see(){if(!this.isReview())return;let{place:e,masked:t}=this,n=this.shownFor(e);clearTimeout(this.seeTimer),this.seeTimer=setTimeout(()=>{e===this.place&&t===this.masked&&document.visibilityState!==`hidden`&&(this.teller.played.stood(...n),this.seenPlace=e,this.goOn())},qa(...n))}isUnseen(){return this.isReview()&&this.seenPlace!==this.place}async tell(){this.isReview()&&await this.teller.tell(this.item,this.watched?.missing_from!=null)}maskedWanted(){return this.held||!this.track.reveal.length?``:this.maskedAt(this.place)}maskedAt(e){let{view:t,draft:n}=this,r=t?.pictures[e],i=n?n.sha256:this.trackSha256;if(!t||r===void 0||!i)return``;let{fill:a,plate_at_us:o}=this.look,s=o===void 0?a:`${a}&plate_at_us=${o}`;return`${t.base}/masked/${r}.jpg?track=${i}&fill=${s}`}go(e){let t=(this.view?.pictures.length??1)-1;this.place=Math.min(Math.max(e,0),t)}goTo(e){this.go(Et(this.view?.pictures??[],e))}step(e){this.stop(),this.go(this.place+e)}jump(e){this.stop(),this.goTo(this.at+e)}toKey(e){this.stop();let{selected:t,at:n}=this;if(!t)return;let r=nt(this.track,t).map(e=>e.at_us),i=e>0?r.find(e=>e>n):r.findLast(e=>e<n);i!==void 0&&this.goTo(i)}run(e){this.running=e,this.goOn()}goOn(){if(clearTimeout(this.runTimer),this.running===void 0||this.waiting()||this.isUnseen())return;let e=this.isReview();this.runTimer=setTimeout(()=>{let{at:t,place:n,running:r}=this;r!==void 0&&(t>=r||n>=(this.view?.pictures.length??1)-1?this.stop():e?this.go(n+1):this.go(Math.max(n+1,Et(this.view?.pictures??[],Math.min(t+Bo,r)))))},e?Math.min(qa(...this.shownFor(this.place)),Vo):Vo)}stop(){clearTimeout(this.runTimer),this.running=void 0}onShown(e){this.loaded=e,this.broken=!1,this.goOn();let t=this.place+1,n=this.isReview();this.source(t)&&(this.running===void 0||n)&&(new Image().src=this.source(t),n&&(new Image().src=this.maskedAt(t)))}async onUnshown(e){e===this.source()&&(this.stop(),performance.now()-this.renewedAt<Ko&&this.renewedAt?this.broken=!0:await this.renew())}async renew(){this.renewedAt=performance.now(),this.broken=!1;let{item:e}=this;await this.attempt(`renew`,async()=>{let t=await this.context.api.maskView(e),{mask:n}=this.found();e===this.item&&(this.view=n?$o(t,n.passage_us):t)})}momentOf(e){let t=this.view?.stretches.findLast(({at_us:t})=>t<=e);return t?new Date(Date.parse(t.start)+(e-t.at_us)/1e3):/* @__PURE__ */ new Date(NaN)}timeOf(e){let t=this.momentOf(e);return Number.isNaN(t.getTime())?(e/$).toFixed(1):this.context.clock.timeOfDay(t)}zoomBy(e){let t=Math.min(Math.max(Go.indexOf(this.zoom)+e,0),Go.length-1);this.zoom=Go[t]??1}select(e){this.selected=e,this.rejectFrom=void 0}stage(){return this.renderRoot.querySelector(`niiza-cctv-mask-stage`)}nameOf(e){return this.context.t(e.kind===`reveal`?`mask.name_reveal`:`mask.name_hide`,{number:e.index+1})}guide(e){return et(nt(this.track,e),this.at)}boxes(){let{track:e,at:t}=this;return[...e.reveal.map((e,t)=>({kind:`reveal`,index:t})),...e.hide.map((e,t)=>({kind:`hide`,index:t}))].flatMap(n=>{let r=this.guide(n);if(!r)return[];let i=n.kind===`reveal`?e.reveal[n.index]?.shape??`box`:`box`;return[{which:n,name:this.nameOf(n),shape:i,sides:r,standing:tt(e,n,t)}]})}boxesHeld(){let{held:e}=this;return this.boxes().map(t=>e&&Z(e.which,t.which)?{...t,sides:e.sides,standing:`in_force`}:t)}draw(e,t){this.stop(),t?.detail===0?(this.add(e,qo),this.stage()?.focus()):this.drawing=this.drawing===e?``:e}add(e,t){let{track:n,at:r}=this;this.drawing=``,this.commit(e===`reveal`?St(n,r,t):Ct(n,r,t)),this.select({kind:e,index:this.track[e].length-1}),this.said=this.context.t(e===`reveal`?`mask.added_reveal`:`mask.added_hide`)}placed({which:e,sides:t}){e?this.put(e,t):this.drawing&&this.add(this.drawing,t)}put(e,t,n=``){let r=this.track.reveal[e.index]?.rejected;this.commit(ft(this.track,e,this.at,t),n);let i=e.kind===`reveal`&&r!==this.track.reveal[e.index]?.rejected;this.said=i?this.context.t(`mask.far`):``}confirm(){let{selected:e}=this,t=e&&this.guide(e);e&&t&&!this.waiting()&&this.put(e,t)}confirmAll(){let{selected:e}=this;if(e?.kind!==`reveal`)return;let t=vt(this.track,e.index).at(-1);this.stop(),this.commit(gt(this.track,e.index)),t&&this.goTo(t.at_us),this.said=this.context.t(`mask.all_confirmed`)}dropProposed(){this.selected?.kind===`reveal`&&(this.stop(),this.commit(_t(this.track,this.selected.index)),this.said=``)}deleteKey(){let{selected:e}=this;e&&rt(this.track,e,this.at)&&this.commit(pt(this.track,e,this.at))}removeRange(){this.selected&&this.commit(wt(this.track,this.selected)),this.select(void 0)}reject(){let{selected:e,rejectFrom:t,at:n}=this;e?.kind===`reveal`&&(t===void 0?this.rejectFrom=n:(this.rejectFrom=void 0,this.commit(bt(this.track,e.index,t,n))))}async propose(){let{selected:e,at:t}=this,{api:n,t:r}=this.context;if(e?.kind!==`reveal`||this.busy||this.waiting())return;let i=this.guide(e),a=this.item;if(!i)return;this.stop(),rt(this.track,e,t)?.confirmed||this.put(e,i),this.said=r(`mask.proposing`);let o,s=rt(this.track,e,t)?.box??i;await this.attempt(`propose`,async()=>{o=await n.proposeTrack(this.item,t,s,this.seconds)}),!o||a!==this.item?this.said=``:this.takeOver(e,t,o)}takeOver(e,t,{keys:n,end:r}){let{t:i}=this.context,a=n.map(({at_us:e,box:[t=0,n=0,r=0,i=0]})=>({at_us:e,box:[t,n,r,i]}));this.commit(yt(this.track,e.index,t,a));let o=a.length>1?vt(this.track,e.index).findLast(e=>e.at_us>t):void 0,s=o?((o.at_us-t)/$).toFixed(1):`0`;this.said=i(o?`mask.proposed_${r}`:`mask.nothing_${r}`,{seconds:s}),o&&(matchMedia(`(prefers-reduced-motion: reduce)`).matches?this.toKey(1):this.run(o.at_us))}pressed(e){let{target:t}=e;if(t instanceof HTMLElement&&/^(SELECT|TEXTAREA)$/.test(t.tagName)||e.metaKey)return;let n=this.shortcut(e)??(this.editable()?this.editShortcut(e):void 0);n&&(e.preventDefault(),n())}shortcut({key:e,shiftKey:t,ctrlKey:n,altKey:r,repeat:i}){if(n||r)return;if(e===`+`||e===`-`)return()=>{this.zoomBy(e===`+`?1:-1)};if(e===`0`)return()=>{this.zoom=1};if(e!==`PageUp`&&e!==`PageDown`)return;let a=e===`PageDown`?1:-1;return()=>{i&&this.isUnseen()||(t?this.toKey(a):this.step(a))}}editShortcut({key:e,ctrlKey:t,shiftKey:n}){let r=e.toLowerCase();if(t)return r===`y`||r===`z`&&n?()=>{this.turn(At(this.history))}:r===`z`?()=>{this.turn(kt(this.history))}:void 0;switch(r){case`k`:return()=>{this.confirm()};case`p`:return()=>void this.propose();case`delete`:return()=>{this.deleteKey()};default:return}}nudged(e){let{selected:t}=this,n=Qo[e.key];if(!n||!t||e.ctrlKey||!this.editable()||this.waiting())return;e.preventDefault();let r=this.guide(t);if(!r)return;let i=e.altKey?zo:Ro,[a,o]=[n[0]*i,n[1]*i],s=e.shiftKey?lt(r,`se`,a,o):ct(r,a,o);this.put(t,s,`nudge ${t.kind} ${t.index} ${this.at}`),this.said||=this.placeWords(s)}placeWords([e,t,n,r]){let i=e=>(Math.round(e/T*1e3)/10).toString();return this.context.t(`mask.box_at`,{left:i(e),top:i(t),width:i(n-e),height:i(r-t)})}async renderClip(e){let t=this.draft?.sha256;t&&await this.attempt(`render`,()=>this.context.api.renderMaskedClip(this.item,t,e))&&Bt(`case/${this.caseId}`)}keptShown(){let{t:e,clock:t}=this.context,{draft:n}=this;if(!n||!this.editable())return x;let{state:r,savedAt:i,found:a}=n,o=r===`saved`?i?e(`mask.kept_saved`,{at:t.timeOfDay(i).slice(0,-2)}):a?e(`mask.kept_found`,{person:a.name,at:t.at(a.at)}):e(`mask.kept_nothing`):e(`mask.kept_${r}`);return v`<span class="chip ${r===`failed`||r===`conflict`?`risk`:``}" data-kept=${r}>
      <ha-icon icon=${Jo[r]}></ha-icon>${o}</span
    >`}keptTrouble(){let{t:e}=this.context,{draft:t}=this;return t?.state===`failed`?v`<ha-alert alert-type="error" role="alert"
        >${this.wording(t.error)}
        <button slot="action" @click=${()=>void t.save()}>${e(`common.again`)}</button></ha-alert
      >`:t?.state===`conflict`?v`<ha-alert alert-type="warning" role="alert">
      <p>${e(`mask.conflict`)}</p>
      <div class="row">
        <button @click=${()=>void this.loadTheirs()}>${e(`mask.load_theirs`)}</button>
        <button @click=${()=>void this.attempt(`keep`,()=>t.keepMine())}>${e(`mask.keep_mine`)}</button>
      </div>
    </ha-alert>`:x}button(e,t,n,r=!1,i=``){return v`<button type="button" class=${i} ?disabled=${r} @click=${n}>
      <ha-icon icon=${e}></ha-icon>${this.context.t(t)}
    </button>`}ranges(){let{t:e}=this.context,{track:t}=this,n=this.editable(),r=[...t.reveal.map((e,t)=>({kind:`reveal`,index:t})),...t.hide.map((e,t)=>({kind:`hide`,index:t}))];return v`<div class="row ranges" role="group" aria-label=${e(`mask.ranges`)}>
      ${r.map(e=>v`<button
            type="button"
            aria-pressed=${Z(e,this.selected)}
            @click=${()=>{this.select(e)}}
          >
            <ha-icon icon=${e.kind===`reveal`?`mdi:account-eye`:`mdi:eye-off`}></ha-icon>${this.nameOf(e)}
          </button>`)}
      ${n?v`${this.drawButton(`reveal`)} ${this.drawButton(`hide`)}
            <span class="row">
              ${this.button(`mdi:undo`,`mask.undo`,()=>{this.turn(kt(this.history))},!this.history.past.length)}
              ${this.button(`mdi:redo`,`mask.redo`,()=>{this.turn(At(this.history))},!this.history.future.length)}
            </span>`:x}
    </div>`}drawButton(e){return v`<button
      type="button"
      aria-pressed=${this.drawing===e}
      @click=${t=>{this.draw(e,t)}}
    >
      <ha-icon icon=${e===`reveal`?`mdi:account-plus`:`mdi:eye-off-outline`}></ha-icon>${this.context.t(e===`reveal`?`mask.add_reveal`:`mask.add_hide`)}
    </button>`}panes(e){let{t}=this.context,n=this.context.clock.tenths(this.momentOf(this.at));return v`<div class="panes">
      <figure>
        <niiza-cctv-mask-stage
          .context=${this.context}
          .src=${this.source()}
          .label=${t(`mask.source_label`,{at:n})}
          .width=${e.width}
          .height=${e.height}
          .boxes=${this.boxes()}
          .selected=${this.selected}
          .editable=${this.editable()&&!this.busy}
          .drawing=${this.drawing!==``}
          .waiting=${this.waiting()}
          .zoom=${this.zoom}
          @keydown=${this.nudged}
          @shown=${e=>{this.onShown(e.detail)}}
          @unshown=${e=>void this.onUnshown(e.detail)}
          @zoomed=${e=>{this.zoomBy(e.detail)}}
          @picked=${e=>{this.stop(),Z(e.detail,this.selected)||this.select(e.detail)}}
          @holding=${e=>{this.held=e.detail??void 0}}
          @placed=${e=>{this.placed(e.detail)}}
        ></niiza-cctv-mask-stage>
        <figcaption class="small">${t(`mask.as_it_is`,{at:n})} ${this.drawing?v`<strong>${t(`mask.draw_${this.drawing}`)}</strong>`:x}</figcaption>
        <div class="under">${this.scrubber(e)} ${this.moving()}</div>
      </figure>
      <div class="side">
        <figure>${this.will(e,n)}</figure>
        ${this.editing()}
      </div>
    </div>`}will(e,t){let{t:n}=this.context,{masked:r}=this,i=r!==``&&this.maskedLoaded===r;return v`<div class="will">
        <div style="aspect-ratio:${e.width}/${e.height}" role="img" aria-label=${n(`mask.will_label`,{at:t})}>
          <img src=${this.loaded||this.source()} alt="" />
          ${mo(this.waiting()?[]:this.boxesHeld())}
          ${r?v`<img
                class="real ${i?`there`:``}"
                src=${r}
                alt=""
                @load=${()=>{this.maskedLoaded=r,this.see()}}
                @error=${()=>{this.isReview()&&(this.stop(),this.broken=!0)}}
              />`:x}
        </div>
      </div>
      <figcaption class="small">${n(`mask.as_it_will_be`)} ${n(i?`mask.by_server`:this.draft?`mask.by_page`:`mask.by_page_still`)}</figcaption>`}scrubber({pictures:e}){return Ao({t:this.context.t,track:this.track,pictures:e,place:this.place,selected:this.selected,words:this.timeOf(this.at),go:e=>{this.stop(),this.go(e)},goTo:e=>{this.stop(),this.goTo(e)},name:e=>this.nameOf(e)})}moving(){let{t:e}=this.context,{at:t,place:n,selected:r}=this,i=(this.view?.pictures.length??1)-1,a=!r,o=this.running!==void 0;return v`<div class="row moving" role="group" aria-label=${e(`mask.moving`)}>
        ${this.button(`mdi:rewind`,`mask.second_back`,()=>{this.jump(-1e6)},n<=0)}
        ${this.button(`mdi:chevron-left`,`mask.picture_back`,()=>{this.step(-1)},n<=0)}
        <span class="time"
          ><strong>${this.timeOf(t)}</strong><br /><span class="small soft"
            >${e(`mask.number`,{number:n+1,of:i+1})}</span
          ></span
        >
        ${this.button(`mdi:chevron-right`,`mask.picture_on`,()=>{this.step(1)},n>=i)}
        ${this.button(`mdi:fast-forward`,`mask.second_on`,()=>{this.jump($)},n>=i)}
      </div>
      <div class="row moving">
        ${this.button(`mdi:skip-previous`,`mask.last_key`,()=>{this.toKey(-1)},a)}
        ${this.button(o?`mdi:pause`:`mdi:play`,o?`mask.stop`:`mask.run`,()=>{o?this.stop():this.run(1/0)},n>=i&&!o)}
        ${this.button(`mdi:skip-next`,`mask.next_key`,()=>{this.toKey(1)},a)}
        ${this.zooming()}
    </div>`}zooming(){let{t:e}=this.context,{zoom:t}=this;return v`<span class="row moving zooming" role="group" aria-label=${e(`mask.zoom`)}>
      ${this.button(`mdi:magnify-minus-outline`,`mask.zoom_out`,()=>{this.zoomBy(-1)},t===Go[0])}
      <span class="zoom" role="status">${e(`mask.zoom_now`,{percent:t*100})}</span>
      ${this.button(`mdi:magnify-plus-outline`,`mask.zoom_in`,()=>{this.zoomBy(1)},t===Go.at(-1))}
    </span>`}editing(){let{t:e}=this.context,{selected:t,track:n,at:r}=this;if(!this.editable())return x;if(!t)return v`<p role="status"></p>`;let i=rt(n,t,r),a=t.kind===`reveal`?n.reveal[t.index]:void 0,o=a?vt(n,t.index).length:0;return v`<p class="said" role="status">${this.said}</p>
      ${a?this.proposing(o):x}
      <div class="row" role="group" aria-label=${e(`mask.this_picture`)}>
        ${this.button(`mdi:check`,`mask.confirm`,()=>{this.confirm()},i!==void 0&&i.confirmed!==!1)}
        ${this.button(`mdi:close`,`mask.delete_key`,()=>{this.deleteKey()},!i)}
        ${a?this.rejecting(t.index):x}
        ${a?v`<button
              type="button"
              @click=${()=>{this.commit(Tt(n,t.index,a.shape===`box`?`ellipse`:`box`))}}
            >
              <ha-icon icon=${a.shape===`box`?`mdi:ellipse-outline`:`mdi:rectangle-outline`}></ha-icon>${e(a.shape===`box`?`mask.make_ellipse`:`mask.make_box`)}
            </button>`:x}
        ${this.button(`mdi:delete`,`mask.remove`,()=>{this.removeRange()},!1,`danger`)}
      </div>`}proposing(e){let{t}=this.context;return v`<div class="row" role="group" aria-label=${t(`mask.proposals`)}>
      <button type="button" class=${e?``:`main`} ?disabled=${!!this.busy||this.waiting()} @click=${this.propose}>
        <ha-icon icon="mdi:motion-sensor"></ha-icon>${t(this.busy===`propose`?`common.working`:`mask.propose`)}
      </button>
      <select
        aria-label=${t(`mask.how_far`)}
        @change=${e=>{this.seconds=Number(e.target.value)}}
      >
        ${Wo.map(e=>v`<option value=${e} ?selected=${e===this.seconds}>${t(`mask.seconds`,{seconds:e})}</option>`)}
      </select>
      ${this.button(`mdi:check-all`,`mask.confirm_all`,()=>{this.confirmAll()},!e||!!this.busy,e?`main`:``)}
      ${this.button(`mdi:playlist-remove`,`mask.drop_proposed`,()=>{this.dropProposed()},!e||!!this.busy)}
      ${e?v`<span class="chip">${t(`mask.waiting_proposals`,{count:e})}</span>`:x}
    </div>`}rejecting(e){let{t}=this.context,{rejectFrom:n,at:r}=this,i=this.track.reveal[e];return i&&n===void 0&&Ze(i,r)?this.button(`mdi:eye-check`,`mask.unreject`,()=>{this.commit(xt(this.track,e,r))}):v`${this.button(`mdi:eye-remove`,n===void 0?`mask.reject_from`:`mask.reject_to`,()=>{this.reject()})}
    ${n===void 0?x:v`<span class="small">${t(`mask.rejecting`,{at:this.timeOf(n)})}</span>`}`}watchedShown(){let{t:e}=this.context,{watched:t}=this;return!this.isReview()||!t?x:v`<p class="small with-icon">
        <ha-icon icon="mdi:eye-check"></ha-icon><span class="watched">${ri(e,t)}</span>
      </p>
      ${ai(e,t,e=>{this.stop(),this.goTo((this.view?.pictures[0]??0)+e*$+$/1e3)})}
      ${this.uncounted?v`<ha-alert alert-type="warning">${e(`watch.uncounted`,{error:this.uncounted})}</ha-alert>`:x}`}seen(){let{t:e}=this.context,t=this.track.reveal.flatMap((e,t)=>it(e).map(([e,n])=>({which:{kind:`reveal`,index:t},from:e,to:n})));return v`<ha-card>
      <h2>${e(`mask.seen`)}</h2>
      ${t.length?v`<ul class="seen-list">
            ${t.map(({which:t,from:n,to:r})=>v`<li>
                  <button
                    type="button"
                    @click=${()=>{this.select(t),this.goTo(n),this.run(r)}}
                  >
                    <ha-icon icon="mdi:play"></ha-icon>${e(`mask.seen_stretch`,{name:this.nameOf(t),from:this.timeOf(n),to:this.timeOf(r),seconds:((r-n)/$).toFixed(1)})}
                  </button>
                </li>`)}
          </ul>`:v`<p>${e(`mask.seen_nothing`)}</p>`}
    </ha-card>`}make(){let{t:e}=this.context,t=this.track.reveal.reduce((e,t,n)=>e+vt(this.track,n).length,0),n=this.track.reveal.some(e=>it(e).length)?this.draft?.sha256?``:e(`mask.why_unsaved`):e(`mask.why_nothing`);return v`<ha-card>
      <h2>${e(`mask.make`)}</h2>
      <niiza-cctv-mask-form
        .context=${this.context}
        .at=${this.at}
        .moment=${this.momentOf(this.at)}
        .proposed=${t}
        .why=${n}
        .running=${this.busy===`render`}
        .failure=${this.error}
        @look=${e=>{this.look=e.detail}}
        @submitted=${e=>void this.renderClip(e.detail)}
      ></niiza-cctv-mask-form>
    </ha-card>`}help(e){let{t}=this.context,n=e?Yo:Yo.filter(([,e])=>Xo.includes(e));return v`<details>
      <summary>${t(`mask.keys`)}</summary>
      <dl class="small">
        ${n.map(([e,n])=>v`<dt><kbd>${e}</kbd></dt>
              <dd>${t(n)}</dd>`)}
      </dl>
    </details>`}work(e){let{t}=this.context,n=this.editable();return v`<ha-card class="tools" @keydown=${this.pressed}>
        ${this.ranges()} ${this.keptTrouble()} ${this.errorAlert(this.busy===`render`?``:this.error)}
        ${this.broken?v`<ha-alert alert-type="error" role="alert"
              >${t(`mask.no_picture`)} <button slot="action" @click=${()=>void this.renew()}>${t(`common.again`)}</button></ha-alert
            >`:x}
        ${this.panes(e)} ${this.watchedShown()} ${jo(t)}
        ${n||this.isReview()?this.help(n):x}
      </ha-card>
      ${this.seen()} ${n?this.make():x}`}render(){let{t:e}=this.context,{clip:t,mask:n}=this.found(),{view:r}=this,i={camera:t?.camera_name??``,item:this.item};return v`<div class="page">
      <div class="row head">
        <a class="with-icon" href="${M}/case/${this.caseId}"
          ><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`mask.back`,{case:this.caseId})}</a
        >
        <h1 tabindex="-1">${e(n?`mask.heading_review`:`mask.heading`,i)}</h1>
        ${this.keptShown()}
      </div>
      ${this.errorAlert(this.unread)}
      ${n?v`<p>${e(`mask.help_review`,{person:n.asked_by.name})}</p>`:this.track.reveal.length?x:v`<p>${e(`mask.help`)}</p>`}
      ${this.editable()?v`<ha-alert class="small-screen" alert-type="info">${e(`mask.small_screen`)}</ha-alert>`:x}
      ${this.shown&&!n&&t&&!this.editable()?v`<ha-alert alert-type="info">${e(`mask.read_only`)}</ha-alert>`:x}
      ${r&&r.count>r.pictures.length&&!n?v`<ha-alert alert-type="warning">${e(`mask.too_long`,{count:r.pictures.length,of:r.count})}</ha-alert>`:x}
      ${r&&this.opened===this.item?this.work(r):this.unread?x:v`<p role="status">${e(`common.loading`)}</p>`}
    </div>`}},Qo={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};function $o(e,[t=0,n=1/0]){return{...e,pictures:e.pictures.filter(e=>t<=e&&e<=n)}}var es=[`solid`,`median`,`picture`],ts=[`none`,`for_viewing`,`copy`],ns=2,rs=class extends N{static properties={...N.properties,at:{type:Number},moment:{attribute:!1},proposed:{type:Number},why:{type:String},running:{type:Boolean},failure:{type:String},from:{state:!0},to:{state:!0},fill:{state:!0},plate:{state:!0},marking:{state:!0}};static styles=[k,o`
      :host,
      form {
        display: grid;
        gap: 16px;
      }
    `];constructor(){super(),this.proposed=0,this.why=``,this.running=!1,this.failure=``,this.from=null,this.to=null,this.fill=`solid`,this.marking=`none`}backwards(){return this.from!==null&&this.to!==null&&this.from>this.to}submit(e){e.preventDefault();let{clock:t}=this.context,{from:n,to:r,fill:i,marking:a}=this,o={fill:i,marking:a,start:n?t.iso(n):void 0,end:r?t.iso(new Date(r.getTime()+ns)):void 0,plate_at:i===`picture`&&this.plate?this.plate.at/1e6:void 0};this.dispatchEvent(new CustomEvent(`submitted`,{detail:o}))}choose(e){this.fill=e,e===`picture`&&(this.plate??={at:this.at,moment:this.moment}),this.tellLook()}tellLook(){let{fill:e,plate:t}=this,n={fill:e,plate_at_us:e===`picture`?t?.at:void 0};this.dispatchEvent(new CustomEvent(`look`,{detail:n}))}edge(e){let{t,clock:n}=this.context,r=this[e],i=e===`from`?`mask.from_begin`:`mask.to_end`;return v`<span class="row">
      <button
        type="button"
        @click=${()=>{this[e]=this.moment}}
      >
        <ha-icon icon=${e===`from`?`mdi:ray-start-arrow`:`mdi:ray-end`}></ha-icon>
        ${t(e===`from`?`mask.from_here`:`mask.to_here`)}
      </button>
      <span class="small">${r?n.tenths(r):t(i)}</span>
      ${r?v`<button
            type="button"
            class="flat"
            @click=${()=>{this[e]=null}}
          >
            ${t(i)}
          </button>`:x}
    </span>`}choice(e,t,n,r){return v`<label class="choice"
      ><input
        type="radio"
        name=${e}
        value=${t}
        .checked=${n===t}
        @change=${()=>{r(t)}}
      />${this.context.t(`mask.${e}_${t}`)}</label
    >`}plateShown(){let{t:e,clock:t}=this.context;return this.fill!==`picture`||!this.plate?x:v`<p class="row">
      <span>${e(`mask.plate`,{at:t.tenths(this.plate.moment)})}</span>
      <button
        type="button"
        @click=${()=>{this.plate={at:this.at,moment:this.moment},this.tellLook()}}
      >
        ${e(`mask.plate_here`)}
      </button>
    </p>`}render(){let{t:e}=this.context,t=this.why||(this.backwards()?e(`mask.end_first`):``);return v`<form @submit=${this.submit}>
      <fieldset>
        <legend>${e(`mask.part`)}</legend>
        <div class="row">${this.edge(`from`)} ${this.edge(`to`)}</div>
      </fieldset>
      <fieldset>
        <legend>${e(`mask.fill`)}</legend>
        <div class="choices">
          ${es.map(e=>this.choice(`fill`,e,this.fill,e=>{this.choose(e)}))}
        </div>
        ${this.plateShown()}
      </fieldset>
      <fieldset>
        <legend>${e(`mask.marking`)}</legend>
        <div class="choices">
          ${ts.map(e=>this.choice(`marking`,e,this.marking,e=>{this.marking=e}))}
        </div>
      </fieldset>
      ${this.proposed?v`<ha-alert alert-type="warning">${e(`mask.still_proposed`,{count:this.proposed})}</ha-alert>`:x}
      ${this.errorAlert(this.failure)}
      <div class="row">
        <button type="submit" class="main" ?disabled=${!!t||this.running} aria-describedby=${t?`why`:x}>
          <ha-icon icon="mdi:movie-check"></ha-icon>${e(this.running?`common.working`:`mask.render`)}
        </button>
        ${t?v`<span class="small soft" id="why">${t}</span>`:x}
      </div>
    </form>`}},is=`new`,as=/* @__PURE__ */ new Set([`purpose`,`note`]),os=class extends N{static properties={...N.properties,typed:{state:!0},passage:{state:!0}};static styles=[k,o`
      .send {
        justify-content: flex-end;
      }
    `];passagePart=Wi();constructor(){super();let{cameras:e,start:t,end:n,margin:r,...i}=ua(is);this.typed=i,this.passage={cameras:e??``,start:t??``,end:n??``,margin:r??or.margin}}firstUpdated(){this.shadowRoot?.querySelector(`h1`)?.focus({preventScroll:!0})}rule(){let{kinds:e}=this.context.info;return e.find(e=>e.kind===this.typed.kind)}save(){da(is,{...this.typed,...lr(this.passage)?{...this.passage}:{}})}setField(e,t){this.typed={...this.typed,[e]:t},this.save()}choose(e){let t=this.rule()?.legal_bases??[],n=this.typed.legal_basis??``,r=n&&!t.includes(n)?n:``,[i,...a]=e.legal_bases;this.typed={...this.typed,kind:e.kind,legal_basis:r||(i!==void 0&&!a.length?i:``)},this.save()}discard(){ma(is),this.typed={},this.passage=or,this.error=``}async submit(e){e.preventDefault();let t=e.target,n=this.rule(),r=this.passagePart.value?.reportValidity()!==!1;if(!n||!B(t)||!r)return;let i=[...n.required,...n.optional],a=Object.fromEntries(i.map(e=>[e,this.typed[e]?.trim()??``]));await this.attempt(`send`,async()=>{let e=await this.context.api.createCase(n.kind,a,dr(this.passage)??void 0);this.discard(),Bt(`case/${e.case}`)})}field(e,t){let{t:n,clock:r}=this.context,i={name:t,label:dn(n,t,e.decided_by_proposal),required:e.required.includes(t),help:fn(n,t,e.decided_by_proposal),value:this.typed[t]??``,setValue:e=>{this.setField(t,e)}};return as.has(t)?hn(n,{...i,className:`wide`}):t===`document_date`?z(n,{...i,type:`date`,max:r.field(/* @__PURE__ */ new Date).slice(0,10)}):z(n,{...i,suggestions:t===`legal_basis`?e.legal_bases:[]})}papers(e){return v`<ha-card>
      <h2>${this.context.t(`new.papers`)}</h2>
      <div class="fields">
        ${[...e.required,...e.optional].map(t=>this.field(e,t))}
      </div>
    </ha-card>`}footage(){let{t:e}=this.context;return v`<ha-card>
      <h2>${e(`new.footage`)}</h2>
      <p>${e(`new.footage_help`)}</p>
      <niiza-cctv-passage
        ${qi(this.passagePart)}
        .context=${this.context}
        .typed=${this.passage}
        @typed=${e=>{this.passage=e.detail,this.save()}}
      ></niiza-cctv-passage>
    </ha-card>`}buttons(){let{t:e}=this.context,t=lr(this.passage)?`new.send_and_preserve`:`new.send`;return v`<div class="row send">
      <button type="button" class="flat" ?disabled=${!!this.busy} @click=${this.discard}>
        ${e(`new.discard`)}
      </button>
      <button type="submit" class="main" ?disabled=${!!this.busy}>
        <ha-icon icon="mdi:inbox-arrow-down"></ha-icon>
        ${e(this.busy?`new.sending`:t)}
      </button>
    </div>`}form(e){let{t}=this.context;return v`
      ${this.papers(e)} ${this.footage()}
      ${e.decided_by_proposal?v`<ha-alert alert-type="info">${t(`new.decided_by_proposal`)}</ha-alert>`:x}
      ${this.errorAlert()} ${this.buttons()}
    `}kinds(e){let{t,info:n}=this.context;return v`<ha-card>
      <fieldset>
        <legend><h2>${t(`new.kind`)}</h2></legend>
        <div class="choices">
          ${n.kinds.map(n=>v`<label class="choice"
                ><input
                  type="radio"
                  name="kind"
                  .checked=${n.kind===e?.kind}
                  @change=${()=>{this.choose(n)}}
                />${t(`kinds.${n.kind}`)}</label
              >`)}
        </div>
      </fieldset>
    </ha-card>`}render(){let{t:e,info:t}=this.context;if(!t.roles.includes(`exporter`))return v`<div class="page">
        <h1 tabindex="-1">${e(`new.heading`)}</h1>
        <ha-alert alert-type="info">${e(`why.not_exporter`)}</ha-alert>
      </div>`;let n=this.rule();return v`<form class="page" novalidate @submit=${this.submit}>
      <h1 tabindex="-1">${e(`new.heading`)}</h1>
      ${this.kinds(n)} ${n?this.form(n):x}
    </form>`}},ss=24,cs=7,ls=class extends w{static properties={text:{type:String},seconds:{type:Number}};static styles=o`
    :host {
      inset: 0;
      overflow: hidden;
      pointer-events: none;
      position: absolute;
      user-select: none;
      z-index: 1;
    }
    div {
      align-content: space-between;
      color: rgb(255 255 255 / 45%);
      display: grid;
      font: 500 clamp(11px, 1.6vmin, 20px) / 1.3 sans-serif;
      gap: 4% 2%;
      grid-template-columns: repeat(3, 1fr);
      inset: -8% -12%;
      position: absolute;
      text-align: center;
      /* Legible on snow as on asphalt. */
      text-shadow:
        0 0 2px rgb(0 0 0 / 80%),
        0 0 4px rgb(0 0 0 / 50%);
      transform-origin: center;
    }
    span {
      overflow-wrap: anywhere;
    }
  `;constructor(){super(),this.text=``,this.seconds=0}render(){let e=Math.floor(this.seconds/cs)%5;return v`<div
      aria-hidden="true"
      style="transform:rotate(-14deg) translate(${e*3-6}%, ${e*2%5*2-4}%)"
    >
      ${Array.from({length:ss},()=>v`<span>${this.text}</span>`)}
    </div>`}},us=1e3,ds={cases:`mdi:folder-multiple`,checks:`mdi:clipboard-check`,board:`mdi:monitor-eye`,settings:`mdi:cctv`,ledger:`mdi:book-lock`,people:`mdi:account-group`},fs={case:`cases`,mask:`cases`,new:`cases`,check:`checks`,checks:`checks`,board:`board`,settings:`settings`,acceptance:`settings`,ledger:`ledger`,people:`people`,cases:`cases`},ps=class e extends w{static properties={hass:{attribute:!1},narrow:{type:Boolean},route:{attribute:!1},context:{state:!0},failure:{state:!0},changes:{state:!0}};static styles=[k,o`
      :host {
        background: var(--primary-background-color);
        min-block-size: 100%;
      }
      header {
        align-items: center;
        background: var(--app-header-background-color, var(--primary-color));
        border-block-end: var(--app-header-border-bottom, none);
        color: var(--app-header-text-color, var(--text-primary-color));
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        inset-block-start: 0;
        min-block-size: var(--header-height, 56px);
        padding-inline: 8px 16px;
        position: sticky;
        z-index: 3;
      }
      header .title {
        font-size: 1.25rem;
        margin-inline-end: auto;
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      nav a {
        align-items: center;
        border-block-end: 3px solid transparent;
        color: inherit;
        display: inline-flex;
        gap: 8px;
        min-block-size: 48px;
        padding-inline: 12px;
        text-decoration: none;
      }
      nav a[aria-current] {
        border-block-end-color: currentColor;
        font-weight: 500;
      }
      @media (max-width: 700px) {
        header .title {
          font-size: 1.1rem;
        }
        nav {
          display: grid;
          flex: 1 0 100%;
          grid-auto-columns: 1fr;
          grid-auto-flow: column;
        }
        nav a {
          flex-direction: column;
          font-size: 0.8rem;
          gap: 0;
          justify-content: center;
          line-height: 1.3;
          min-block-size: 52px;
          padding-inline: 2px;
          text-align: center;
        }
      }
      header :focus-visible {
        outline-color: currentColor;
        outline-offset: -4px;
      }
      /* The board has a heading of its own. */
      .heard {
        block-size: 1px;
        clip-path: inset(50%);
        inline-size: 1px;
        margin: 0;
        overflow: hidden;
        position: absolute;
      }
      .notice {
        margin: 16px auto 0;
        max-width: 1100px;
        padding-inline: 16px;
      }
      .notice .lines {
        white-space: pre-line;
      }
      .notice button {
        white-space: nowrap;
      }
    `];static bundle=``;language=``;client;unsubscribe;timer;lastRead=0;refused;constructor(){super(),this.narrow=!1,this.failure=``,this.changes=0}connectedCallback(){super.connectedCallback(),this.client&&this.begin()}disconnectedCallback(){super.disconnectedCallback(),this.stopListening()}stopListening(){clearTimeout(this.timer),this.timer=void 0,this.unsubscribe?.().catch(()=>void 0),this.unsubscribe=void 0}tryAgain(){clearTimeout(this.timer),this.timer=void 0,this.isConnected&&this.hass.connected&&!this.refused&&(this.timer=setTimeout(()=>{this.timer=void 0,this.begin()},jt))}shouldUpdate(e){if(e.size>1||!e.has(`hass`))return!0;let t=e.get(`hass`);return t?.language!==this.hass.language||t.connected!==this.hass.connected||t.panels!==this.hass.panels}willUpdate(e){if(!e.has(`hass`))return;let t=e.get(`hass`);!this.client||this.language!==this.hass.language?(this.language=this.hass.language,this.client??=new Ft(this.hass.connection),this.begin()):t&&!t.connected&&this.hass.connected&&!this.refused&&(this.unsubscribe=void 0,this.begin())}async begin(){try{if(await Lt(this.hass),this.refused){this.failed(this.refused);return}if(await this.readInfo(),!this.isConnected||this.unsubscribe||this.isRefused())return;this.unsubscribe=await this.client?.changes(()=>{this.somethingChanged()}),this.endIfGone()}catch(e){this.failed(e),this.tryAgain()}}isRefused(){return this.refused!==void 0}endIfGone(){(!this.isConnected||this.refused)&&this.stopListening()}somethingChanged(){if(this.timer!==void 0)return;let e=Math.max(0,this.lastRead+us-Date.now());this.timer=setTimeout(()=>{this.timer=void 0,this.readInfo()},e)}async readInfo(){if(this.client){this.lastRead=Date.now();try{let e=await this.client.info();this.context={hass:this.hass,t:Rt(this.hass),api:this.client,clock:new qn(this.hass.language,e.time_zone),info:e},this.failure=``,this.changes+=1}catch(e){this.failed(e),this.tryAgain()}}}failed(e){e instanceof Mt&&e.refusesPerson&&(this.context=void 0,this.refused=e,this.stopListening());let t=Rt(this.hass);this.failure=this.context?t(`common.stale`,{error:zt(this.hass,t,e)}):zt(this.hass,t,e)}outdated(){let t=this.hass.panels[`niiza-cctv`]?.config?.bundle;return typeof t==`string`&&t!==e.bundle}here(){let e=this.context?.info.pages??[],[t=e[0]??``,n=``,r=``]=(this.route?.path??``).split(`/`).filter(Boolean),i=fs[t]??e[0];return i&&e.includes(i)?{page:i,name:t,id:decodeURIComponent(n),part:decodeURIComponent(r)}:void 0}page(e,t){let{changes:n}=this;switch(t.name){case`case`:return v`<niiza-cctv-case .context=${e} .changes=${n} .caseId=${t.id}></niiza-cctv-case>`;case`mask`:return v`<niiza-cctv-mask-editor
          .context=${e}
          .changes=${n}
          .caseId=${t.id}
          .item=${t.part}
        ></niiza-cctv-mask-editor>`;case`new`:return v`<niiza-cctv-new .context=${e}></niiza-cctv-new>`;case`check`:return v`<niiza-cctv-check .context=${e} .changes=${n} .checkId=${t.id}></niiza-cctv-check>`;case`acceptance`:return v`<niiza-cctv-acceptance
          .context=${e}
          .changes=${n}
          .camera=${t.id}
        ></niiza-cctv-acceptance>`;case`settings`:if(t.id)return v`<niiza-cctv-settings-confirm
            .context=${e}
            .changes=${n}
            .token=${t.id}
          ></niiza-cctv-settings-confirm>`}return this.tab(e,t.page)}tab(e,t){let{changes:n}=this;switch(t){case`cases`:return v`<niiza-cctv-cases .context=${e} .changes=${n}></niiza-cctv-cases>`;case`checks`:return v`<niiza-cctv-checks .context=${e} .changes=${n}></niiza-cctv-checks>`;case`board`:return v`<div class="page">
          <h1 class="heard">${e.t(`nav.board`)}</h1>
          <niiza-cctv-board .hass=${this.hass}></niiza-cctv-board>
        </div>`;case`settings`:return v`<niiza-cctv-settings .context=${e} .changes=${n}></niiza-cctv-settings>`;case`ledger`:return v`<niiza-cctv-ledger .context=${e} .changes=${n}></niiza-cctv-ledger>`;case`people`:return v`<niiza-cctv-people .context=${e} .changes=${n}></niiza-cctv-people>`}}notHere({t:e,info:t}){let[n]=t.pages;return v`<div class="notice">
      <ha-alert alert-type="info">${e(`common.not_here`)}</ha-alert>
      ${n?v`<p><a class="button" href="${M}/${n}">${e(`nav.${n}`)}</a></p>`:x}
    </div>`}navigation(e,t){let n=Rt(this.hass);return e.length<2?x:v`<nav aria-label=${n(`nav.title`)}>
      ${e.map(e=>v`<a href="${M}/${e}" aria-current=${t?.page===e?`page`:x}
            ><ha-icon icon=${ds[e]}></ha-icon><span>${n(`nav.${e}`)}</span></a
          >`)}
    </nav>`}outdatedNotice(){let e=Rt(this.hass);return v`<ha-alert alert-type="info"
      >${e(`common.outdated`)}
      <button
        slot="action"
        @click=${()=>{location.reload()}}
      >
        ${e(`common.reload`)}
      </button></ha-alert
    >`}async dismiss(e){try{await this.client?.dismissNotice(e),await this.readInfo()}catch(e){this.failed(e)}}told({info:e,clock:t,t:n}){return e.notices.map(({tag:e,title:r,message:i,path:a,at:o})=>v`<ha-alert alert-type="info" .title=${r}
          ><span class="lines">${i}</span> <a href=${a}>${n(`common.open`)}</a> <span class="small">${t.at(o)}</span>
          <button slot="action" @click=${()=>void this.dismiss(e)}>${n(`common.put_away`)}</button></ha-alert
        >`)}notices(){let e=Rt(this.hass);return v`<div class="notice" role="status">
      ${this.context?this.told(this.context):x}
      ${this.outdated()?this.outdatedNotice():x}
      ${this.failure?v`<ha-alert alert-type="error">${this.failure}</ha-alert>`:x}
      ${this.failure&&!this.context&&!this.refused?v`<p>
            <button @click=${()=>void this.begin()}>${e(`common.again`)}</button>
          </p>`:x}
      ${this.context&&!this.context.info.ledger.available?v`<ha-alert alert-type="error">${e(`common.ledger_down`)}</ha-alert>`:x}
    </div>`}render(){let{context:e}=this,t=this.here();return v`
      <header>
        <ha-menu-button .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>
        <div class="title">${Rt(this.hass)(`nav.title`)}</div>
        ${this.navigation(e?.info.pages??[],t)}
      </header>
      ${this.notices()}
      <main>${e?t?this.page(e,t):this.notHere(e):x}</main>
    `}},ms=[`viewer`,`exporter`,`approver`,`tablet`],hs=class extends P{static properties={...P.properties,appointments:{state:!0},mayDecline:{state:!0},alone:{state:!0},asked:{state:!0}};static styles=[k,o`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        border-bottom: 1px solid var(--divider-color);
        padding: 8px 0;
      }
      li:last-child {
        border: 0;
      }
      ul + h3,
      p + h3 {
        margin-block-start: 16px;
      }
    `];constructor(){super(),this.appointments=[],this.mayDecline=!1,this.alone=!1}async read(){let e=await this.context.api.people();this.appointments=e.appointments,this.mayDecline=e.may_decline,this.alone=e.nobody_may_confirm}async decide(){let{asked:e}=this;this.asked=void 0,e&&await this.attempt(`decide`,async()=>{let{api:t}=this.context,{number:n}=e.appointment;await(e.decision===`confirm`?t.confirmAppointment(n):t.declineAppointment(n)),await this.refresh()})}roleName(e){return this.context.t(`people.role_${e}`)}origin(e){let{t,clock:n}=this.context,r=n.at(e.named_at);return e.inherited?t(`people.inherited`,{at:r}):e.named_by?t(`people.named_by`,{person:e.named_by.name,at:r}):t(`people.named_outside`,{at:r})}person(e){let{t}=this.context;return v`<div class="row">
        <strong>${e.user.name}</strong>
        ${e.active?x:v`<span class="soft">${t(`people.inactive`)}</span>`}
      </div>
      <div class="soft small">${this.origin(e)}</div>
      ${e.confirmed_by?v`<div class="soft small">${t(`people.confirmed_by`,{person:e.confirmed_by.name})}</div>`:x}`}waiting(e){let{t,hass:n}=this.context,r=!!this.busy||!this.context.info.ledger.available;return v`<li>
      <div>${this.roleName(e.role)}</div>
      ${this.person(e)}
      ${e.why_not?v`<p class="soft small" id="why-${e.number}">${K(n,e.why_not,``)}</p>`:x}
      <div class="row">
        <button
          class="main"
          ?disabled=${r||!e.may_confirm}
          aria-describedby=${e.why_not?`why-${e.number}`:x}
          @click=${()=>{this.asked={appointment:e,decision:`confirm`}}}
        >
          <ha-icon icon="mdi:account-check"></ha-icon>${t(`people.confirm`)}
        </button>
        <button
          ?disabled=${r||!this.mayDecline}
          @click=${()=>{this.asked={appointment:e,decision:`decline`}}}
        >
          <ha-icon icon="mdi:account-cancel"></ha-icon>${t(`people.decline`)}
        </button>
      </div>
    </li>`}pending(){let{t:e}=this.context,t=this.appointments.filter(e=>!e.in_effect);return v`<ha-card>
      <h2>${e(`people.pending_heading`)}</h2>
      ${this.alone?v`<ha-alert alert-type="warning">${e(`people.alone`)}</ha-alert>`:x}
      ${t.length?v`<ul>
            ${t.map(e=>this.waiting(e))}
          </ul>`:v`<p class="soft">${e(`people.nobody_waits`)}</p>`}
    </ha-card>`}held(){let{t:e}=this.context;return v`<ha-card>
      <h2>${e(`people.held_heading`)}</h2>
      ${ms.map(t=>{let n=this.appointments.filter(e=>e.in_effect&&e.role===t);return t===`tablet`&&!n.length?x:v`<h3>${this.roleName(t)}</h3>
          ${n.length?v`<ul>
                ${n.map(e=>v`<li>${this.person(e)}</li>`)}
              </ul>`:v`<p class="soft">${e(`people.none`)}</p>`}`})}
    </ha-card>`}question(){let{t:e}=this.context;if(!this.asked)return x;let{appointment:t,decision:n}=this.asked,r={person:t.user.name,role:this.roleName(t.role)};return v`<niiza-cctv-dialog
      heading=${e(`people.${n}`)}
      @dismissed=${()=>{this.asked=void 0}}
    >
      <p>${e(`people.${n}_question`,r)}</p>
      <div class="row">
        <button class="main" @click=${()=>void this.decide()}>${e(`people.${n}`)}</button>
        <button
          @click=${()=>{this.asked=void 0}}
        >
          ${e(`common.back`)}
        </button>
      </div>
    </niiza-cctv-dialog>`}render(){let{t:e}=this.context;return v`<div class="page">
      <h1 tabindex="-1">${e(`people.heading`)}</h1>
      <p>${e(`people.help`)}</p>
      ${this.errorAlert(this.unread)} ${this.pending()} ${this.held()} ${this.errorAlert()} ${this.question()}
    </div>`}},gs=2,_s=class extends Y{static properties={...Y.properties,clip:{type:String},cuttable:{type:Boolean},covered:{type:Boolean},through:{type:Boolean},from:{state:!0},to:{state:!0},watched:{state:!0},uncounted:{state:!0}};reaches={start:``,end:``};teller=new Ka(async(e,t)=>{this.counted(e,await this.context.api.tellWatched(e,t))},e=>{this.uncounted=e===void 0?``:this.wording(e)});constructor(){super(),this.cuttable=!1,this.covered=!1,this.through=!1,this.from=null,this.to=null,this.uncounted=``}updated(e){e.has(`covered`)&&this.covered&&this.video()?.pause()}disconnectedCallback(){super.disconnectedCallback(),this.tell()}subject(){return this.clip}async source(){let e=await this.context.api.watchClip(this.clip);return this.reaches={start:e.start,end:e.end},e}span(){return this.reaches}label(){return this.context.t(`watch.label_sealed`,{camera:this.cameraName})}broken(e){super.broken(e),this.path=``}unplayable(){return`watch.cannot_play_sealed`}brokenWords(e){return e===MediaError.MEDIA_ERR_DECODE?this.unplayable():`watch.broken_sealed`}looked(){let e=this.video();if(!e)return;let t=performance.now(),{played:n}=this.teller;document.visibilityState===`hidden`?n.jumped():e.seeking?n.seeking():n.look({position:e.currentTime,rate:e.playbackRate,playing:!e.paused,now:t}),(e.paused||this.teller.isDue)&&this.tell()}left(){this.looked(),this.teller.played.jumped()}seek(e){super.seek(e),this.teller.played.sent(e)}stood(e,t){document.visibilityState!==`hidden`&&this.teller.played.stood(e,t)}async tell(){await this.teller.tell(this.clip,this.through&&this.watched?.missing_from!=null)}counted(e,t){this.watched=t;let n={clip:e,watched:t};this.dispatchEvent(new CustomEvent(`watched-counted`,{detail:n,bubbles:!0,composed:!0}))}goOnFrom=e=>{this.seek(e),this.video()?.play()};watchedShown(){let{t:e}=this.context;return v`<p class="small with-icon">
        <ha-icon icon="mdi:eye-check"></ha-icon>
        <span class="watched">${this.watched?ri(e,this.watched):e(`watch.counting`)}</span>
      </p>
      ${this.through?ai(e,this.watched,this.path?this.goOnFrom:null):x}
      ${this.uncounted?v`<ha-alert alert-type="warning">${e(`watch.uncounted`,{error:this.uncounted})}</ha-alert>`:x}`}mark(e){let{at:t}=this;if(!t)return;this[e]=t;let{from:n,to:r}=this;if(!n||!r)return;if(n>r){this[e===`from`?`to`:`from`]=null;return}let{clock:i}=this.context,a=new Date(r.getTime()+gs),o={clip:this.clip,start:i.iso(n),end:i.iso(a)};this.dispatchEvent(new CustomEvent(`cut-marked`,{detail:o,bubbles:!0,composed:!0}))}marked(){if(this.cuttable&&(this.from??this.to))return{start:this.from?.toISOString()??null,end:this.to?.toISOString()??null}}shortcut(e,t){return this.cuttable&&(e===`i`||e===`o`)?this.mark.bind(this,e===`i`?`from`:`to`):super.shortcut(e,t)}keysShown(){return[...super.keysShown(),...this.cuttable?[[`I / O`,`watch.key_mark`]]:[]]}markButton(e){let{t,clock:n}=this.context,r=this[e];return v`<span class="row">
      <button
        type="button"
        ?disabled=${!this.at}
        @click=${()=>{this.mark(e)}}
      >
        <ha-icon icon=${e===`from`?`mdi:ray-start-arrow`:`mdi:ray-end`}></ha-icon>
        ${t(e===`from`?`watch.mark_from`:`watch.mark_to`)}
      </button>
      <span class="small">${r?n.tenths(r):t(`watch.not_marked`)}</span>
    </span>`}marks(){return v`<div class="row" role="group" aria-label=${this.context.t(`watch.marks`)}>
      ${this.markButton(`from`)} ${this.markButton(`to`)}
    </div>`}controls(){return v`${this.cuttable?this.marks():x} ${this.watchedShown()}`}},vs=`24`,ys=336,bs=class extends P{static properties={...P.properties,known:{state:!0},opened:{state:!0},asked:{state:!0},resolution:{state:!0},hours:{state:!0},clockBy:{state:!0},server:{state:!0}};static styles=[k,o`
      .page {
        max-width: 860px;
      }
      .open {
        border: 0;
        inline-size: 100%;
        justify-content: space-between;
        padding-inline: 0;
        text-align: start;
      }
      .open h2 {
        margin: 0;
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      form {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 12px;
        margin-block-start: 20px;
        padding-block-start: 20px;
      }
      form p {
        margin: 0;
      }
      form > button {
        justify-self: start;
      }
      .hours input:not([type="radio"]) {
        inline-size: 7rem;
      }
      @media (max-width: 600px) {
        form > button {
          justify-self: stretch;
        }
      }
    `];constructor(){super(),this.opened=new URLSearchParams(location.search).get(`camera`)??``,this.resolution=`everyday`,this.hours=vs,this.clockBy=`ntp`,this.server=``}async read(){let e=this.known===void 0;this.known=await this.context.api.cameraSettings(),e&&this.opened&&this.ask(this.opened)}toggle(e){this.error=``,this.opened=this.opened===e?``:e,this.opened&&this.ask(e)}async ask(e){this.asked=void 0,await this.attempt(`ask`,async()=>{let{cameras:t}=await this.context.api.cameraSettings(e),[n]=t;if(n?.camera!==this.opened)return;this.asked=n,this.resolution=n.resolution.within_limit===!1||n.raised?`everyday`:`evidence`,this.hours=vs;let{ntp:r}=n.clock;this.server=r&&r!==`dhcp`?r:``})}async request(e,t,n){e.preventDefault(),B(e.target)&&await this.attempt(t,async()=>{let{link:e}=await n();Bt(e.slice(M.length+1))})}chip(e,t){let[n,r,i]=t;return v`<span class="chip ${e===!1?`risk`:e===null?`done`:``}"
      ><ha-icon icon=${e===null?`mdi:help-circle`:e?`mdi:check-circle`:`mdi:alert-circle`}></ha-icon>${e===null?i:e?n:r}</span
    >`}chips(e){let{t}=this.context,n=e.audio.disabled??null;return v`<p class="chips">
      ${this.chip(n===!1&&e.audio.allowed?!0:n,[t(n?`settings.audio_off`:`settings.audio_allowed`),t(`settings.audio_on`),t(`settings.audio_unknown`)])}
      ${this.chip(e.resolution.within_limit,[V(t,e.resolution.now),t(`settings.size_high`,{size:V(t,e.resolution.now)}),t(`settings.size_unknown`)])}
      ${this.chip(e.clock.problem===null?null:!e.clock.problem,[t(`settings.clock_right`),Cn(t,e.clock.offset),t(`settings.clock_unknown`)])}
    </p>`}raised(e){let{t,clock:n}=this.context,{raised:r}=e;if(!r)return x;let i={at:n.at(r.until),size:V(t,r.after),person:r.by?.name??t(`history.nobody`)};return v`<ha-alert alert-type=${r.over?`warning`:`info`}
      >${t(r.over?`settings.raised_over`:`settings.raised`,i)}
      ${r.certain?x:t(`settings.raised_uncertain`)}</ha-alert
    >`}button(e,t,n){let{t:r}=this.context;return v`<button type="submit" ?disabled=${!!this.busy}>
      <ha-icon icon=${t}></ha-icon>${this.busy===e?r(`settings.asking`):n}
    </button>`}audio(e){let{t,clock:n,api:r}=this.context,{disabled:i,allowed:a,on_card_until:o}=e.audio,s=a?`settings.audio_allowed`:`settings.audio_on`;return v`<form
      @submit=${t=>void this.request(t,`audio`,()=>r.switchAudioOff(e.camera))}
    >
      <h3>${t(`settings.audio`)}</h3>
      <p>${t(i===null?`settings.audio_unknown`:i?`settings.audio_off`:s)}</p>
      ${o?v`<p class="soft">${t(`settings.on_card_until`,{at:n.at(o)})}</p>`:x}
      ${this.button(`audio`,`mdi:microphone-off`,t(`settings.do_audio`))}
    </form>`}choice(e,t,n,r){return v`<label class="choice"
      ><input type="radio" name=${e} .checked=${t} @change=${r} />${n}</label
    >`}sizeChoice(e,{resolution:t}){let{t:n}=this.context,r=n(`settings.${e}`,{size:V(n,t[e])});return this.choice(`resolution`,this.resolution===e,r,()=>{this.resolution=e})}hoursField(){let{t:e}=this.context,t={name:`hours`,className:`hours`,label:e(`settings.hours`),help:e(`settings.hours_help`,{longest:ys})};return R(e,t,v`<input
        id="hours"
        type="number"
        inputmode="numeric"
        min="1"
        max=${ys}
        step="1"
        required
        aria-describedby=${L(t)}
        .value=${mn(this.hours)}
        @input=${e=>{this.hours=e.target.value}}
      />`)}async requestSize(e,t){let n=this.resolution===`evidence`?Number(this.hours):void 0;await this.request(e,`resolution`,()=>this.context.api.setResolution(t,this.resolution,n))}size(e){let{t}=this.context,{now:n,recorded:r}=e.resolution;return v`<form novalidate @submit=${t=>void this.requestSize(t,e.camera)}>
      <h3>${t(`settings.resolution`)}</h3>
      <p>
        ${t(`settings.size_now`,{size:V(t,n)})}
        ${r===!1?v`<span class="soft small">${t(`settings.size_assumed`)}</span>`:x}
      </p>
      <fieldset>
        <legend>${t(`settings.resolution_to`)}</legend>
        <div class="choices">${this.sizeChoice(`everyday`,e)} ${this.sizeChoice(`evidence`,e)}</div>
      </fieldset>
      ${this.resolution===`evidence`?this.hoursField():x}
      ${this.button(`resolution`,`mdi:image-size-select-large`,t(`settings.do_resolution`))}
    </form>`}clockChoice(e){let t=this.context.t(e===`ntp`?`settings.clock_ntp`:`settings.clock_here`);return this.choice(`clock`,this.clockBy===e,t,()=>{this.clockBy=e})}serverField(){let{t:e}=this.context,t={name:`ntp`,label:e(`settings.ntp`),help:e(`settings.ntp_help`),required:!0};return R(e,t,v`<input
        id="ntp"
        type="text"
        inputmode="url"
        maxlength="253"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        required
        aria-describedby=${L(t)}
        .value=${this.server}
        @input=${e=>{this.server=e.target.value}}
      />`)}async requestClock(e,t){let n=this.clockBy===`ntp`?this.server.trim():``;await this.request(e,`clock`,()=>this.context.api.setClock(t,n))}clock(e){let{t}=this.context,{mode:n,ntp:r,offset:i}=e.clock;return v`<form novalidate @submit=${t=>void this.requestClock(t,e.camera)}>
      <h3>${t(`settings.clock`)}</h3>
      <p>${t(`settings.clock_now`,{mode:wn(t,n,r),offset:Cn(t,i)})}</p>
      <fieldset>
        <legend>${t(`settings.clock_to`)}</legend>
        <div class="choices">${this.clockChoice(`ntp`)} ${this.clockChoice(`here`)}</div>
      </fieldset>
      ${this.clockBy===`ntp`?this.serverField():x}
      ${this.button(`clock`,`mdi:clock-edit`,t(`settings.do_clock`))}
    </form>`}closeLook(e){let{t,hass:n}=this.context;if(this.busy===`ask`)return v`<p role="status">${t(`settings.asking`)}</p>`;let{asked:r}=this;return r?v`
      ${r.error?v`<ha-alert alert-type="warning">${K(n,r.error,e.name)}</ha-alert>`:x}
      ${this.known?.may?v`${this.audio(r)} ${this.size(r)} ${this.clock(r)}`:v`<p class="soft">${t(`settings.may_not`)}</p>`}
    `:x}camera(e){let{t}=this.context,n=this.opened===e.camera;return v`<ha-card>
      <button
        type="button"
        class="open"
        aria-expanded=${n}
        @click=${()=>{this.toggle(e.camera)}}
      >
        <h2 class="with-icon"><ha-icon icon="mdi:cctv"></ha-icon>${e.name}</h2>
        <ha-icon icon=${n?`mdi:chevron-up`:`mdi:chevron-down`}></ha-icon>
      </button>
      ${this.chips(e)} ${this.raised(e)}
      ${n?v`${this.closeLook(e)} ${this.errorAlert()}
            <p>
              <a class="button" href="${M}/acceptance/${encodeURIComponent(e.camera)}"
                ><ha-icon icon="mdi:clipboard-check-outline"></ha-icon>${t(`acceptance.open`)}</a
              >
            </p>`:x}
    </ha-card>`}render(){let{t:e}=this.context,t=this.known?.cameras??[];return v`<div class="page">
      <h1 tabindex="-1">${e(`settings.heading`)}</h1>
      <p>${e(`settings.help`)}</p>
      ${this.errorAlert(this.unread)}
      ${this.known?x:v`<p role="status">${e(`common.loading`)}</p>`}
      ${Sn(t,e=>e.camera,e=>this.camera(e))}
      ${this.known&&!t.length?v`<p class="soft">${e(`settings.none`)}</p>`:x}
    </div>`}},xs=class extends P{static properties={...P.properties,token:{type:String},request:{state:!0},done:{state:!0},username:{state:!0}};static styles=[k,o`
      .page {
        max-width: 760px;
      }
      form {
        display: grid;
        gap: 16px;
      }
      form button {
        min-block-size: 56px;
      }
      ha-alert {
        display: block;
        margin-block-end: 8px;
      }
      dl {
        margin-block-end: 16px;
      }
      .after {
        font-weight: 500;
      }
    `];constructor(){super(),this.token=``,this.username=``}disconnectedCallback(){super.disconnectedCallback(),this.clearPassword()}willUpdate(e){e.has(`token`)&&(this.clearPassword(),this.username=``,this.request=void 0,this.done=void 0,this.refresh()),super.willUpdate(e)}async read(){if(this.done?.done)return;let{token:e}=this;try{let t=await this.context.api.settingsRequest(e);e===this.token&&(this.request=t)}catch(t){throw e===this.token&&(this.request=void 0),t}}passwordField(){return this.renderRoot.querySelector(`#camera-secret`)}clearPassword(){let e=this.hasUpdated?this.passwordField():null;e&&(e.value=``)}async submit(e){e.preventDefault();let t=this.passwordField();B(e.target)&&t&&(this.done=void 0,await this.attempt(`send`,async()=>{let e=It(this.context.hass,this.token,this.username.trim(),t.value);this.clearPassword();let n=await e.catch(()=>{throw new A(`settings.no_answer`)});`done`in n?this.done=n:this.error=n.message}),await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#outcome`)?.focus())}values(e,t){let{t:n,clock:r}=this.context;return v`<dl>
      <dt>${n(t?`settings.before`:`fields.before`)}</dt>
      <dd>${Tn(n,e.before,!0)}</dd>
      ${e.after?v`<dt>${n(t?`settings.after_asked`:`settings.after_read`)}</dt>
            <dd class="after">${Tn(n,e.after)}</dd>`:x}
      ${e.until?v`<dt>${n(`settings.until`)}</dt>
            <dd>${r.at(e.until)}</dd>`:x}
    </dl>`}outcomeWords(e,t){return t?e.changed?`settings.done`:`settings.done_already`:e.done===null?`settings.nobody_knows`:`settings.not_done`}outcome(e){let{t}=this.context,n=e.done===!0&&e.verified;return v`<ha-card id="outcome" tabindex="-1">
      <h2 class="with-icon">
        <ha-icon icon=${n?`mdi:check-decagram`:`mdi:alert-octagon`}></ha-icon>${t(this.outcomeWords(e,n))}
      </h2>
      <ha-alert alert-type=${n?`success`:`error`} role="status">${e.message}</ha-alert>
      ${this.values(e,!1)}
      ${e.remains.map(e=>v`<ha-alert alert-type="info">${e.text}</ha-alert>`)}
      ${e.recorded?x:v`<ha-alert alert-type="warning">${t(`settings.recorded_later`)}</ha-alert>`}
    </ha-card>`}usernameInput(e){let{t}=this.context,n={name:`camera-user`,label:t(`settings.username`),help:t(`settings.username_help`),required:!0};return R(t,n,v`<input
        id="camera-user"
        type="text"
        maxlength="64"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        required
        ?disabled=${e}
        aria-describedby=${L(n)}
        .value=${this.username}
        @input=${e=>{this.username=e.target.value}}
      />`)}passwordInput(e){let{t}=this.context;return R(t,{name:`camera-secret`,label:t(`settings.password`),required:!0},v`<input
        id="camera-secret"
        type="password"
        maxlength="256"
        autocomplete="new-password"
        autocapitalize="none"
        spellcheck="false"
        data-1p-ignore
        data-lpignore="true"
        data-bwignore
        required
        ?disabled=${e}
      />`)}form({expires:e,tries_left:t}){let{t:n,clock:r}=this.context,i=this.busy===`send`;return v`<form autocomplete="off" novalidate @submit=${this.submit}>
      <p>${n(`settings.password_help`)}</p>
      ${this.usernameInput(i)} ${this.passwordInput(i)} ${this.errorAlert()}
      <button type="submit" class="main" ?disabled=${!!this.busy}>
        <ha-icon icon="mdi:lock-open-check"></ha-icon>${n(i?`settings.sending`:`settings.send`)}
      </button>
      <p class="soft small" role="status">
        ${n(i?`settings.sending_help`:`settings.expires`,{at:r.at(e),tries:t})}
      </p>
    </form>`}question(e){let{t}=this.context;return v`<ha-card>
      <h2>${t(`settings.ask_${e.setting}`)}</h2>
      ${this.values(e,!0)}
      ${e.already?v`<ha-alert alert-type="info">${t(`settings.already`)}</ha-alert>`:x}
      ${e.warnings.map(e=>v`<ha-alert alert-type="warning">${e.text}</ha-alert>`)}
      ${this.form(e)}
    </ha-card>`}unknown(){return this.unread?this.errorAlert(this.unread):v`<p role="status">${this.context.t(`common.loading`)}</p>`}render(){let{t:e}=this.context,{request:t,done:n}=this,r=t?.camera_name;return v`<div class="page">
      <p><a class="with-icon" href="${M}/settings"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`settings.back`)}</a></p>
      <h1 tabindex="-1">${r?e(`settings.of`,{camera:r}):e(`settings.heading`)}</h1>
      ${n?this.outcome(n):x}
      ${t&&!n?.done?this.question(t):x}
      ${t||n?x:this.unknown()}
    </div>`}},Ss=class extends Y{static properties={...Y.properties,camera:{type:String},start:{type:String},end:{type:String},pick:{type:Boolean},kept:{type:Boolean}};constructor(){super(),this.pick=!1,this.kept=!1}subject(){return this.camera}source(){return this.context.api.playback(this.camera,this.start,this.end)}stood(){}span(){return{start:this.start,end:this.end}}label(){return this.context.t(`watch.label`,{camera:this.cameraName})}unplayable(){return this.kept?`watch.cannot_play_kept`:`watch.cannot_play`}brokenWords(e){return e===MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED||e===MediaError.MEDIA_ERR_DECODE?this.unplayable():`watch.broken`}pickEdge(e){this.at&&this.dispatchEvent(new CustomEvent(`picked`,{detail:{edge:e,at:this.at}}))}controls(){return this.pick?v`<div class="row">${[`start`,`end`].map(e=>this.edgeButton(e))}</div>`:x}edgeButton(e){return v`<button
      type="button"
      ?disabled=${!this.at}
      @click=${()=>{this.pickEdge(e)}}
    >
      <ha-icon icon=${e===`start`?`mdi:ray-start-arrow`:`mdi:ray-end`}></ha-icon>
      ${this.context.t(e===`start`?`watch.take_start`:`watch.take_end`)}
    </button>`}};await customElements.whenDefined(`home-assistant`);for(let[e,t]of Object.entries({"niiza-cctv-dialog":co,"niiza-cctv-overlay":ls,"niiza-cctv-watch":Ss,"niiza-cctv-sealed":_s,"niiza-cctv-acceptance":Zt,"niiza-cctv-by-hand":br,"niiza-cctv-decision-form":sa,"niiza-cctv-passage":pr,"niiza-cctv-cases":xa,"niiza-cctv-new":os,"niiza-cctv-case-clip":Pi,"niiza-cctv-case-cut":wi,"niiza-cctv-case-mask":Di,"niiza-cctv-counter":io,"niiza-cctv-counter-form":ao,"niiza-cctv-cut-form":oo,"niiza-cctv-case-package":Fi,"niiza-cctv-case-release":Ii,"niiza-cctv-case-step":ba,"niiza-cctv-case":_i,"niiza-cctv-mask-editor":Zo,"niiza-cctv-mask-form":rs,"niiza-cctv-mask-stage":Co,"niiza-cctv-check-form":Na,"niiza-cctv-checks":Pa,"niiza-cctv-check":Ca,"niiza-cctv-ledger":lo,"niiza-cctv-settings":bs,"niiza-cctv-settings-confirm":xs,"niiza-cctv-people":hs,"niiza-cctv-panel":ps}))customElements.get(e)||customElements.define(e,t);ps.bundle=new URL(import.meta.url).pathname.split(`/`).at(-2)??``,_a();